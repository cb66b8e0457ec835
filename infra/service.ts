import { buildForwarderEntry, type ForwarderEntry, forwarder } from './audit/forwarder.ts';
import { type BulkWorkerEntry, buildBulkWorkerEntry, bulkWorker } from './bulk/bulk.ts';
import { type Deployment, resolveDeployment } from './deployment/deployment.ts';
import { rejectStageName } from './deployment/name-limits.ts';
import { addNetwork, type NetworkSettings } from './deployment/network.ts';
import { alwaysDeployed } from './deployment/select-operations.ts';
import { buildEnvironment } from './environment.ts';
import { buildFunctionEntry, type FunctionEntry } from './function-entry.ts';
import { buildHttpApi, type HttpApiSettings } from './gateway/http-api.ts';
import { buildLocalSettings, type LocalSettings } from './local/local-settings.ts';
import { buildRollbackConfiguration, type RollbackConfiguration } from './monitoring/rollback.ts';
import { type ParameterSource, readParameters } from './parameters/read-parameters.ts';
import { buildResources, type Resources } from './resources.ts';

/** The argument that osls passes to a function that serverless.yml loads with `${file(...)}`. */
interface Variables extends ParameterSource {
  readonly resolveVariable: (address: string) => Promise<string>;
}

type DeployedEntry = (FunctionEntry | ForwarderEntry | BulkWorkerEntry) & Partial<NetworkSettings>;

/** The generated parts of serverless.yml. One function builds them all, so that each invalid parameter is reported once. */
export interface ServiceParts {
  readonly functions: Readonly<Record<string, DeployedEntry>>;
  readonly resources: Resources;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly httpApi: HttpApiSettings;
  readonly tracing: { readonly lambda: boolean };
  readonly rollbackConfiguration: RollbackConfiguration;
  /** Only in stage `local`. */
  readonly local?: LocalSettings;
}

/** Builds the generated parts for the current stage and parameters. serverless.yml loads this function. */
export async function deployment(variables: Variables): Promise<ServiceParts> {
  const stage = await variables.resolveVariable('sls:stage');
  const region = await variables.resolveVariable('aws:region');
  return buildServiceParts(resolveDeployment(stage, await readParameters(stage, variables), region));
}

/**
 * Builds all generated parts. In deployed stages, the only functions are the operations' functions, the forwarder and, with `bulk=on`,
 * the worker for lists.
 */
export function buildServiceParts(deployed: Deployment): ServiceParts {
  const operations = [...deployed.operations, ...alwaysDeployed];
  const entries = Object.fromEntries(operations.map((operation) => buildFunctionEntry(operation, deployed)));
  const functions = deployed.isLocal ? entries : addNetwork({ ...entries, ...buildOwnFunctions(deployed) }, deployed);
  const resources = buildResources(deployed, operations);
  if (!deployed.isLocal) rejectStageName(deployed, Object.keys(functions), resources.Resources);
  return {
    functions,
    resources,
    environment: buildEnvironment(deployed),
    httpApi: buildHttpApi(deployed),
    tracing: { lambda: deployed.parameters.tracing && !deployed.isLocal },
    rollbackConfiguration: buildRollbackConfiguration(deployed),
    ...(deployed.isLocal ? { local: buildLocalSettings(deployed, operations) } : {}),
  };
}

/** Builds the functions that are not operations. */
function buildOwnFunctions(deployed: Deployment) {
  const worker = deployed.parameters.bulk ? { [bulkWorker]: buildBulkWorkerEntry(deployed) } : {};
  return { [forwarder]: buildForwarderEntry(deployed), ...worker };
}
