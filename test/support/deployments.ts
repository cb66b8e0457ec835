import { type Deployment, resolveDeployment } from '../../infra/deployment/deployment.ts';
import { parameterTable } from '../../infra/parameters/table.ts';

/** The parameters for a deployment with all operations, which require a second Region. */
export const everyOperation = { operations: 'all', regions: 'eu-west-1' } as const;

/**
 * The documented examples of all parameters, except `endpoint`, which excludes `fips` and `regions`, and the parameters that
 * exclude tokens.
 */
const {
  endpoint: _endpoint,
  callerAccounts: _accounts,
  callerOperations: _operations,
  ...examples
} = Object.fromEntries(Object.entries(parameterTable).map(([name, { example }]) => [name, example]));
export const everything: Readonly<Record<string, string>> = { ...examples, operations: 'all' };

export function deployment(parameters: Readonly<Record<string, string>> = everyOperation, stage = 'dev'): Deployment {
  return resolveDeployment(stage, parameters);
}
