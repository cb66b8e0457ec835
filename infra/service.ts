import { type ForwarderEntry, forwarder, forwarderEntryOf } from './audit/audit.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { environmentOf } from './environment.ts';
import { type FunctionEntry, functionEntry } from './function-entry.ts';
import { type HttpApiSettings, httpApiOf } from './gateway/http-api.ts';
import { type Given, givenParameters } from './given-parameters.ts';
import { type LocalFunctionEntry, localFunctions } from './local/functions.ts';
import { type Resources, resourcesOf } from './resources.ts';
import { alwaysDeployed } from './select-operations.ts';

/** What osls hands to a function that a variable names. */
interface Variables extends Given {
  readonly resolveVariable: (address: string) => Promise<string>;
}

/** What serverless.yml takes from here, at one go: bad parameters are then told once. */
export interface ServiceParts {
  readonly functions: Readonly<Record<string, FunctionEntry | ForwarderEntry | LocalFunctionEntry>>;
  readonly resources: Resources;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly httpApi: HttpApiSettings;
  readonly tracing: { readonly lambda: boolean };
}

export async function deployment(variables: Variables): Promise<ServiceParts> {
  const stage = await variables.resolveVariable('sls:stage');
  return partsOf(deploymentOf(stage, await givenParameters(stage, variables)));
}

/** A deployed stage has functions of operations only: those that were chosen, and the service's own. */
export function partsOf(deployed: Deployment): ServiceParts {
  const operations = [...deployed.operations, ...alwaysDeployed];
  const entries = Object.fromEntries(operations.map((operation) => functionEntry(operation, deployed)));
  return {
    functions: { ...entries, ...(deployed.isLocal ? localFunctions : { [forwarder]: forwarderEntryOf(deployed) }) },
    resources: resourcesOf(deployed, operations),
    environment: environmentOf(deployed),
    httpApi: httpApiOf(deployed),
    tracing: { lambda: deployed.parameters.tracing && !deployed.isLocal },
  };
}
