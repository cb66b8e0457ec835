import { KMSClient } from '@aws-sdk/client-kms';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { defaultAttemptTimeoutMs, maxAttempts } from './attempts.ts';
import { endpointOverride } from './endpoint.ts';

const connectionTimeoutMs = 1_000;

const clients = new Map<string, KMSClient>();

/**
 * The KMS client of a Region: one each, kept for the life of the function, so that connections are kept alive.
 * Credentials come from the environment, where Lambda puts those of the function's role.
 */
export function clientOf(region: string | undefined): KMSClient {
  const name = region ?? '';
  let client = clients.get(name);
  if (client === undefined) {
    const endpoint = endpointOverride();
    client = new KMSClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      credentials: fromEnv(),
      maxAttempts,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: defaultAttemptTimeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive: true },
        httpsAgent: { keepAlive: true },
      },
    });
    clients.set(name, client);
  }
  return client;
}
