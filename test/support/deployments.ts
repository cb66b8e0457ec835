import { type Deployment, resolveDeployment } from '../../infra/deployment/deployment.ts';
import { parameterTable } from '../../infra/parameters/table.ts';

/** Everything on: what the largest deployment takes. */
export const everyOperation = { operations: 'all', regions: 'eu-west-1' } as const;

/** All that goes together, with the examples of the documentation: a deployment has its own endpoint or a FIPS one. */
const { endpoint: _, ...examples } = Object.fromEntries(
  Object.entries(parameterTable).map(([name, { example }]) => [name, example]),
);
export const everything: Readonly<Record<string, string>> = { ...examples, operations: 'all' };

export function deployment(parameters: Readonly<Record<string, string>> = everyOperation, stage = 'dev'): Deployment {
  return resolveDeployment(stage, parameters);
}
