import { KMSClient } from '@aws-sdk/client-kms';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { defaultAttemptTimeoutMs, maxAttempts } from './attempts.ts';
import { endpointOverride } from './endpoint.ts';

const connectionTimeoutMs = 1_000;

export interface ClientOptions {
  /** A second try could make a second thing where only the first one's answer was lost: it is the caller's to decide. */
  readonly isOnceOnly?: boolean;
}

const clients = new Map<string, KMSClient>();

/**
 * The KMS client of a Region: one for each manner of calls, kept for the life of the function, so that connections are kept alive.
 * Credentials come from the environment, where Lambda puts those of the function's role.
 */
export function clientOf(region: string | undefined, { isOnceOnly = false }: ClientOptions = {}): KMSClient {
  const name = `${region} ${isOnceOnly}`;
  let client = clients.get(name);
  if (client === undefined) {
    const endpoint = endpointOverride();
    // Of a connection that was kept, nobody knows whether KMS has closed it meanwhile, and there is no second try here.
    const keepAlive = !isOnceOnly;
    client = new KMSClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      credentials: fromEnv(),
      maxAttempts: isOnceOnly ? 1 : maxAttempts,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: defaultAttemptTimeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive },
        httpsAgent: { keepAlive },
      },
    });
    clients.set(name, client);
  }
  return client;
}
