import { KMSClient } from '@aws-sdk/client-kms';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { FunctionConfig } from '../config/function-config.ts';
import { compact } from '../declaration/json-object.ts';
import { timeLimitsMs } from '../declaration/time-limits.ts';
import { maxAttempts } from './attempts.ts';
import { Sha256 } from './sha256.ts';

const connectionTimeoutMs = 1_000;

export interface ClientOptions {
  /** `true` if the SDK may send a request again. If `false`, a retry could repeat a request that KMS already executed. */
  readonly isRetrySafe?: boolean;
}

const clients = new Map<string, KMSClient>();

/**
 * Returns the KMS client for a Region, with or without retries. Keeps clients for the lifetime of the function
 * instance, so that connections are reused. The credentials are those that Lambda sets in the environment for the
 * function's role.
 */
export function getClient(
  { endpoint, usesFips }: Pick<FunctionConfig, 'endpoint' | 'usesFips'>,
  region: string | undefined,
  { isRetrySafe = true }: ClientOptions = {},
): KMSClient {
  const name = `${endpoint} ${region} ${usesFips} ${isRetrySafe}`;
  let client = clients.get(name);
  if (client === undefined) {
    // KMS may have closed a pooled connection. Without retries, a call on that connection would fail, so connections
    // are not reused.
    const keepAlive = isRetrySafe;
    client = new KMSClient({
      ...compact({ region, endpoint }),
      useFipsEndpoint: usesFips,
      credentials: fromEnv(),
      sha256: Sha256,
      maxAttempts: isRetrySafe ? maxAttempts : 1,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: timeLimitsMs.usual,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive },
        httpsAgent: { keepAlive },
      },
    });
    clients.set(name, client);
  }
  return client;
}
