import { isLoopbackUrl } from '../http/loopback.ts';
import { type Environment, readVariable } from './variable-names.ts';

/** The name of the stage that runs on a developer's machine and never calls AWS. */
export const localStage = 'local';

/**
 * Returns the endpoint override from the AWS SDKs' environment variables, or `undefined` for the AWS KMS endpoint.
 * Stage `local` requires an override that points to this machine, so that no request leaves the machine. Every other
 * stage requires https, because requests contain plaintext. Throws if the override breaks these rules, so that the
 * function fails to load.
 */
export function readEndpoint(environment: Environment): string | undefined {
  const endpoint = readVariable(environment, 'kmsEndpoint') ?? readVariable(environment, 'endpoint');
  if (readVariable(environment, 'stage') === localStage) {
    if (endpoint === undefined)
      throw new Error('AWS_ENDPOINT_URL_KMS is required in stage local, because this stage never calls AWS.');
    if (!isLoopbackUrl(endpoint))
      throw new Error('The endpoint override must point to this machine (127.0.0.1, localhost) in stage local.');
    return endpoint;
  }
  if (endpoint !== undefined && !endpoint.startsWith('https://')) {
    throw new Error('The endpoint override must use https outside stage local.');
  }
  return endpoint;
}
