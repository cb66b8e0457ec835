import { isLoopbackUrl } from '../http/loopback.ts';
import { localStage } from './endpoint.ts';
import { type Environment, readVariable } from './variable-names.ts';

/** The names of the environment variables that only idempotent functions read. */
export const idempotencyVariables = {
  table: 'IDEMPOTENCY_TABLE',
  // Defined by the AWS SDKs: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  tableEndpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  taggingEndpoint: 'AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API',
} as const;

/** Where an idempotent function stores its attempts and searches for keys. */
export interface IdempotencySettings {
  readonly tableName: string;
  /** The endpoint of DynamoDB; `undefined` for the default AWS endpoint. */
  readonly tableEndpoint: string | undefined;
  /** The endpoint of the Resource Groups Tagging API; `undefined` for the default AWS endpoint. */
  readonly taggingEndpoint: string | undefined;
}

/** Reads the configuration from the environment. Throws if the environment is not valid, so that the function fails to load. */
export function readIdempotencySettings(environment: Environment = process.env): IdempotencySettings {
  const tableName = environment[idempotencyVariables.table];
  if (!tableName) throw new Error(`${idempotencyVariables.table} is required.`);
  return {
    tableName,
    tableEndpoint: readServiceEndpoint(environment, idempotencyVariables.tableEndpoint),
    taggingEndpoint: readServiceEndpoint(environment, idempotencyVariables.taggingEndpoint),
  };
}

/** Returns an endpoint override, to which the same rules apply as to the KMS endpoint. */
function readServiceEndpoint(environment: Environment, name: string): string | undefined {
  const endpoint = environment[name] || readVariable(environment, 'endpoint');
  if (readVariable(environment, 'stage') === localStage) {
    if (endpoint !== undefined && isLoopbackUrl(endpoint)) return endpoint;
    throw new Error(`${name} must point to this machine (127.0.0.1, localhost) in stage local.`);
  }
  if (endpoint !== undefined && !endpoint.startsWith('https://'))
    throw new Error(`${name} must use https outside stage local.`);
  return endpoint;
}
