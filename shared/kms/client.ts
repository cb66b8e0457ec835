import { KMSClient } from '@aws-sdk/client-kms';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { FunctionConfig } from '../config/function-config.ts';
import { compact } from '../declaration/json-object.ts';
import { defaultAttemptTimeoutMs, maxAttempts } from './attempts.ts';

const connectionTimeoutMs = 1_000;

export interface ClientOptions {
  /** Whether the SDK may send a request again. If `false`, KMS may have executed a request whose response was lost. */
  readonly isRetrySafe?: boolean;
}

const clients = new Map<string, KMSClient>();

/**
 * Returns the KMS client for a Region, with or without retries. Clients live as long as the function instance, so that
 * connections are reused. Credentials come from the environment, where Lambda sets those of the function's role.
 */
export function getClient(
  { endpoint }: Pick<FunctionConfig, 'endpoint'>,
  region: string | undefined,
  { isRetrySafe = true }: ClientOptions = {},
): KMSClient {
  const name = `${endpoint} ${region} ${isRetrySafe}`;
  let client = clients.get(name);
  if (client === undefined) {
    // KMS may have closed a pooled connection. Without retries, the call would fail, so connections are not reused.
    const keepAlive = isRetrySafe;
    client = new KMSClient({
      ...compact({ region, endpoint }),
      credentials: fromEnv(),
      maxAttempts: isRetrySafe ? maxAttempts : 1,
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
