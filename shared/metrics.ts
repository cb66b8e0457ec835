import { Metrics } from '@aws-lambda-powertools/metrics';
import { metricsNamespace } from './metric-names.ts';

/** Its dimension `service` is the deployment, by POWERTOOLS_SERVICE_NAME: several may share an account. */
export const metrics = new Metrics({ namespace: metricsNamespace });
