import { isLoopbackUrl } from '../http/loopback.ts';

/**
 * The endpoint override of the environment, as AWS SDKs read it, or `undefined` for AWS's own.
 * In stage `local` there must be one, and on this machine, so that no request ever leaves it; in any other stage one must
 * be https, since requests carry plaintext. Throws where that does not hold: the function then fails to load.
 */
export function endpointOverride(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const endpoint = environment.AWS_ENDPOINT_URL_KMS || environment.AWS_ENDPOINT_URL || undefined;
  if (environment.KMS_FUNCTIONS_STAGE === 'local') {
    if (endpoint === undefined) throw new Error('stage local needs AWS_ENDPOINT_URL_KMS: it never calls AWS');
    if (!isLoopbackUrl(endpoint))
      throw new Error('stage local takes only an endpoint on this machine (127.0.0.1, localhost)');
    return endpoint;
  }
  if (endpoint !== undefined && !endpoint.startsWith('https://')) {
    throw new Error('an endpoint override must be https outside stage local');
  }
  return endpoint;
}
