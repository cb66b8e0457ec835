import { localStage, resolveDeployment } from '../infra/deployment/deployment.ts';
import { buildEnvironment } from '../infra/environment.ts';

/** Builds the environment for a function that calls an emulator on this machine. Enables metrics, as on AWS. */
export function buildFunctionEnvironment(endpoint: string): Record<string, string> {
  const { POWERTOOLS_METRICS_DISABLED: _, ...environment } = buildEnvironment(resolveDeployment(localStage, {}));
  return {
    ...(environment as Record<string, string>),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_KMS: endpoint,
  };
}
