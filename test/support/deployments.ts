import { type Deployment, deploymentOf } from '../../serverless/deployment.ts';

/** Everything on: what the largest deployment takes. */
export const everyOperation = { operations: 'all', regions: 'eu-west-1' } as const;

export function deployment(parameters: Readonly<Record<string, string>> = everyOperation, stage = 'dev'): Deployment {
  return deploymentOf(stage, parameters);
}
