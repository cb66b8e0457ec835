import { isLoopbackUrl } from '../http/loopback.ts';
import { type Environment, readVariable } from './variable-names.ts';

/** The stage that runs on a laptop and never calls AWS. */
export const localStage = 'local';

/**
 * Returns the endpoint override in the environment, as AWS SDKs read it, or `undefined` for the AWS KMS endpoint. Stage
 * `local` requires an override that points to this machine, so that no request leaves it. Every other stage requires https,
 * because requests contain plaintext. Throws if the override breaks this rule, so that the function fails to load.
 */
export function readEndpoint(environment: Environment): string | undefined {
  const endpoint = readVariable(environment, 'kmsEndpoint') ?? readVariable(environment, 'endpoint');
  if (readVariable(environment, 'stage') === localStage) {
    if (endpoint === undefined)
      throw new Error('stage local requires AWS_ENDPOINT_URL_KMS, because it never calls AWS');
    if (!isLoopbackUrl(endpoint))
      throw new Error('stage local accepts only an endpoint on this machine (127.0.0.1, localhost)');
    return endpoint;
  }
  if (endpoint !== undefined && !endpoint.startsWith('https://')) {
    throw new Error('an endpoint override must be https outside stage local');
  }
  return endpoint;
}
