import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { Call } from '../call/call.ts';
import { compact } from '../declaration/json-object.ts';
import { Attempts, maxAttempts } from '../kms/attempts.ts';
import { createRequestHandler, type RequestOptions } from '../kms/request-handler.ts';
import { RetryBudget } from '../kms/retry-budget.ts';
import { createRetryStrategy } from '../kms/retry-strategy.ts';
import { Sha256 } from '../kms/sha256.ts';

const tableClients = new Map<string, DynamoDBClient>();
const taggingClients = new Map<string, ResourceGroupsTaggingAPIClient>();

/** Returns the client for a Region and endpoint. Keeps clients for the lifetime of the function instance. */
export function getTableClient(region: string | undefined, endpoint: string | undefined): DynamoDBClient {
  return remember(tableClients, `${region} ${endpoint}`, () => {
    // An endpoint with the account id saves no time, and this client does not know the account id.
    const settings = { ...createSettings(region, endpoint), accountIdEndpointMode: 'disabled' as const };
    return new DynamoDBClient(settings);
  });
}

export function getTaggingClient(
  region: string | undefined,
  endpoint: string | undefined,
): ResourceGroupsTaggingAPIClient {
  return remember(
    taggingClients,
    `${region} ${endpoint}`,
    () => new ResourceGroupsTaggingAPIClient(createSettings(region, endpoint)),
  );
}

/**
 * Returns options that end a request by the call's deadline. The request does not count as a request to KMS in the call's
 * record.
 */
export function limitByDeadline(call: Call): RequestOptions {
  const uncounted = { ...call, kms: { attempts: 0, lookups: 0, ms: 0 } };
  return { attempts: new Attempts(uncounted, { kind: 'lookups', timeLimit: 'usual' }) };
}

function remember<Client>(clients: Map<string, Client>, name: string, create: () => Client): Client {
  const client = clients.get(name) ?? create();
  clients.set(name, client);
  return client;
}

/** The settings of the KMS client, whose request handler and retry strategy serve any AWS service that uses JSON. */
function createSettings(region: string | undefined, endpoint: string | undefined) {
  const budget = new RetryBudget();
  return {
    ...compact({ region, endpoint }),
    credentials: fromEnv(),
    sha256: Sha256,
    maxAttempts,
    retryMode: 'standard' as const,
    retryStrategy: createRetryStrategy(budget),
    requestHandler: createRequestHandler(budget),
  };
}
