import packageJson from '../../package.json' with { type: 'json' };
import type { Operation } from '../../shared/declaration/operation.ts';
import { createParameterError } from '../parameters/parameter-error.ts';
import { parseParameters } from '../parameters/parse-parameters.ts';
import type { Parameters } from '../parameters/table.ts';
import { listQuotaProblems, listRateProblems } from './quota-groups.ts';
import { listRegionProblems } from './region-rules.ts';
import { type Rehearsal, resolveLocalKeyScope, resolveRehearsal } from './rehearsal.ts';
import { alwaysDeployed, selectOperations } from './select-operations.ts';

/** A deployment's resolved settings, from which the whole template is built. */
export interface Deployment extends Rehearsal {
  readonly stage: string;
  readonly region: string;
  readonly isLocal: boolean;
  readonly version: string;
  /** `kms-functions-STAGE`: the prefix of function names, and the service name in metrics and logs. */
  readonly name: string;
  readonly parameters: Parameters;
  readonly operations: readonly Operation[];
  readonly serviceTag: string;
}

export const localStage = 'local';
/** The Region in serverless.yml, which applies unless the option `--region` is set. */
export const defaultRegion = 'us-east-1';

/** Resolves parameters to a deployment. Stage `local` has all operations, unless the parameter `operations` is set. */
export function resolveDeployment(
  stage: string,
  given: Readonly<Record<string, unknown>>,
  region = defaultRegion,
): Deployment {
  const parsed = parseParameters(given);
  const isLocal = stage === localStage;
  const names = new Set(Object.keys(given));
  const parameters = isLocal ? { ...parsed, keyScope: resolveLocalKeyScope(names, parsed) } : parsed;
  const name = `kms-functions-${stage}`;
  const operations = selectOperations(isLocal && !names.has('operations') ? 'all' : parameters.operations);
  rejectMismatches(operations, parameters, { region, isLocal });
  return {
    stage,
    region,
    isLocal,
    version: packageJson.version,
    name,
    parameters,
    operations,
    serviceTag: parameters.serviceTag ?? name,
    ...resolveRehearsal(isLocal, names, parsed),
  };
}

/** Selects the deployed operations that callers in other accounts may call. */
export function selectCallerOperations({ operations, parameters }: Pick<Deployment, 'operations' | 'parameters'>) {
  const wanted = new Set(selectOperations(parameters.callerOperations, 'callerOperations'));
  return operations.filter((operation) => wanted.has(operation));
}

/**
 * Throws if a parameter requires an operation that is not deployed, if an operation requires an unset parameter, or if a
 * parameter names a resource in another Region. Stage `local` needs no parameters, and its Region can differ from the
 * Region of the deployment that it rehearses.
 */
function rejectMismatches(
  operations: readonly Operation[],
  parameters: Parameters,
  { region, isLocal }: Pick<Deployment, 'region' | 'isLocal'>,
): void {
  const problems = isLocal ? [] : listRegionProblems(parameters, region);
  const crossRegion = operations.filter(({ permissions }) =>
    permissions.some(({ regionKey }) => regionKey !== undefined),
  );
  if (!isLocal && crossRegion.length > 0 && parameters.regions === undefined) {
    const names = crossRegion.map(({ name }) => name).join(' and ');
    problems.push(`\`regions\` is required to deploy ${names}. List the Regions to which keys may be replicated.`);
  }
  const isDeployed = (name: string) => operations.some((operation) => operation.name === name);
  for (const parameter of ['reservedConcurrency', 'operationRates'] as const) {
    for (const name of parameters[parameter]?.keys() ?? []) {
      if (isDeployed(name)) continue;
      problems.push(`\`${parameter}\` contains ${name}, which is not deployed. Add ${name} to \`operations\`.`);
    }
  }
  if (parameters.idempotency && !isDeployed('CreateKey')) {
    problems.push(
      '`idempotency` has no effect without CreateKey. Add CreateKey to `operations`, or use `idempotency=off`.',
    );
  }
  if (parameters.bulk && !isDeployed('ReEncryptBatch')) {
    problems.push('`bulk` requires ReEncryptBatch. Add `batch` to `operations`, or use `bulk=off`.');
  }
  problems.push(...listQuotaProblems(parameters));
  if (!isLocal) {
    problems.push(...listRateProblems([...operations, ...alwaysDeployed], { parameters, region, isLocal }));
  }
  if (parameters.callerAccounts !== undefined && selectCallerOperations({ operations, parameters }).length === 0) {
    const { callerOperations } = parameters;
    problems.push(
      `\`callerOperations\` must include a deployed operation. Add \`${callerOperations}\` to \`operations\`.`,
    );
  }
  if (problems.length > 0) throw createParameterError(problems);
}
