import { buildForwarderEntry, type ForwarderEntry, forwarder } from './audit/audit.ts';
import { type Deployment, resolveDeployment } from './deployment/deployment.ts';
import { alwaysDeployed } from './deployment/select-operations.ts';
import { buildEnvironment } from './environment.ts';
import { buildFunctionEntry, type FunctionEntry } from './function-entry.ts';
import { buildHttpApi, type HttpApiSettings } from './gateway/http-api.ts';
import { type LocalFunctionEntry, localFunctions } from './local/functions.ts';
import { type ParameterSource, readParameters } from './parameters/read-parameters.ts';
import { buildResources, type Resources } from './resources.ts';

/** The argument of a function that a variable of serverless.yml names. */
interface Variables extends ParameterSource {
  readonly resolveVariable: (address: string) => Promise<string>;
}

/** The parts of serverless.yml that are built here, together, so that each bad parameter is reported once. */
export interface ServiceParts {
  readonly functions: Readonly<Record<string, FunctionEntry | ForwarderEntry | LocalFunctionEntry>>;
  readonly resources: Resources;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly httpApi: HttpApiSettings;
  readonly tracing: { readonly lambda: boolean };
}

/** Entry point for serverless.yml. */
export async function deployment(variables: Variables): Promise<ServiceParts> {
  const stage = await variables.resolveVariable('sls:stage');
  return buildServiceParts(resolveDeployment(stage, await readParameters(stage, variables)));
}

/** Builds the functions and everything around them. A deployed stage has no functions besides operations and forwarder. */
export function buildServiceParts(deployed: Deployment): ServiceParts {
  const operations = [...deployed.operations, ...alwaysDeployed];
  const entries = Object.fromEntries(operations.map((operation) => buildFunctionEntry(operation, deployed)));
  return {
    functions: { ...entries, ...(deployed.isLocal ? localFunctions : { [forwarder]: buildForwarderEntry(deployed) }) },
    resources: buildResources(deployed, operations),
    environment: buildEnvironment(deployed),
    httpApi: buildHttpApi(deployed),
    tracing: { lambda: deployed.parameters.tracing && !deployed.isLocal },
  };
}
