import packageJson from '../package.json' with { type: 'json' };
import type { Operation } from '../shared/declaration/operation.ts';
import { type Parameters, parameterError, parseParameters } from './parameters.ts';
import { chosenOperations } from './select-operations.ts';

/** What is deployed: everything that a template says follows from this. */
export interface Deployment {
  readonly stage: string;
  readonly isLocal: boolean;
  readonly version: string;
  /** `kms-functions-STAGE`: in the names of functions, and what metrics and logs call the service. */
  readonly name: string;
  readonly parameters: Parameters;
  readonly operations: readonly Operation[];
  readonly serviceTag: string;
}

export const localStage = 'local';

/** `local` has all operations; a deployed stage those of the parameter `operations`. */
export function deploymentOf(stage: string, given: Readonly<Record<string, unknown>>): Deployment {
  const parameters = parseParameters(given);
  const isLocal = stage === localStage;
  const name = `kms-functions-${stage}`;
  const operations = chosenOperations(isLocal ? 'all' : parameters.operations);
  if (!isLocal) refuseMismatches(operations, parameters);
  const serviceTag = parameters.serviceTag ?? name;
  return { stage, isLocal, version: packageJson.version, name, parameters, operations, serviceTag };
}

/** What of a deployment the role for callers may call: of `all` and of a set, what the deployment has. */
export function callerOperations({ operations, parameters }: Pick<Deployment, 'operations' | 'parameters'>) {
  const wanted = new Set(chosenOperations(parameters.callerOperations, 'callerOperations'));
  return operations.filter((operation) => wanted.has(operation));
}

function refuseMismatches(operations: readonly Operation[], parameters: Parameters): void {
  const problems: string[] = [];
  const abroad = operations.filter(({ permissions }) => permissions.some(({ regionKey }) => regionKey !== undefined));
  if (abroad.length > 0 && parameters.regions === undefined) {
    const names = abroad.map(({ name }) => name).join(' and ');
    problems.push(`regions: name the Regions that keys may go to, since the deployment has ${names}`);
  }
  const missing = (names: Iterable<string>, parameter: string) => {
    for (const name of names) {
      if (operations.every((operation) => operation.name !== name)) {
        problems.push(`${parameter}: the deployment has no operation ${name}`);
      }
    }
  };
  missing(parameters.reservedConcurrency?.keys() ?? [], 'reservedConcurrency');
  if (parameters.callerAccounts !== undefined) {
    const called = callerOperations({ operations, parameters });
    if (called.length === 0) missing([parameters.callerOperations], 'callerOperations');
  }
  if (problems.length > 0) throw parameterError(problems);
}
