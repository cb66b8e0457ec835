import { KMSClient } from '@aws-sdk/client-kms';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { FunctionConfig } from '../config/function-config.ts';
import { compact } from '../declaration/json-object.ts';
import { maxAttempts } from './attempts.ts';
import { createRequestHandler } from './request-handler.ts';
import { RetryBudget } from './retry-budget.ts';
import { createRetryStrategy } from './retry-strategy.ts';
import { Sha256 } from './sha256.ts';

const clients = new Map<string, KMSClient>();

/**
 * Returns the KMS client for a Region. Keeps clients for the lifetime of the function instance, so that connections are
 * reused. The credentials are those that Lambda sets in the environment for the function's role.
 */
export function getClient(
  { endpoint, usesFips }: Pick<FunctionConfig, 'endpoint' | 'usesFips'>,
  region: string | undefined,
): KMSClient {
  const name = `${endpoint} ${region} ${usesFips}`;
  let client = clients.get(name);
  if (client === undefined) {
    const budget = new RetryBudget();
    client = new KMSClient({
      ...compact({ region, endpoint }),
      useFipsEndpoint: usesFips,
      credentials: fromEnv(),
      sha256: Sha256,
      // The SDK reports this number to KMS. The retry strategy enforces the limit.
      maxAttempts,
      retryMode: 'standard',
      retryStrategy: createRetryStrategy(budget),
      requestHandler: createRequestHandler(budget),
    });
    keepSigner(client);
    clients.set(name, client);
  }
  return client;
}

/** Keeps the signer, which the SDK otherwise creates for each request. KMS endpoints have no signing schemes of their own. */
function keepSigner({ config }: KMSClient): void {
  const { signer } = config;
  let usual: ReturnType<typeof signer> | undefined;
  config.signer = (scheme) => {
    if (scheme !== undefined) return signer(scheme);
    usual ??= signer();
    return usual;
  };
}
