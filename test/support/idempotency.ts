import { type AttributeValue, CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { formatOrigin, listen } from '../../emulator/http/listen.ts';
import { tableKey } from '../../infra/idempotency/table.ts';
import { type FunctionConfig, readFunctionConfig } from '../../shared/config/function-config.ts';
import { idempotencyVariables, readIdempotencySettings } from '../../shared/config/idempotency-settings.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { importHandler } from './handlers.ts';

const TableName = 'attempts';

/** A table for idempotency keys in memory. */
export interface TestTable {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  list(): Promise<Record<string, AttributeValue>[]>;
  close(): Promise<void>;
}

export async function startTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 });
  const endpoint = formatOrigin(await listen(server, 0, '127.0.0.1'));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(new CreateTableCommand({ TableName, ...tableKey, BillingMode: 'PAY_PER_REQUEST' }));
  return {
    endpoint,
    client,
    list: async () => (await client.send(new ScanCommand({ TableName }))).Items ?? [],
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the variables of an idempotent function in stage `local`. */
export function idempotencyEnvironment(tableEndpoint: string, taggingEndpoint: string): Record<string, string> {
  return {
    [idempotencyVariables.table]: TableName,
    [idempotencyVariables.tableEndpoint]: tableEndpoint,
    [idempotencyVariables.taggingEndpoint]: taggingEndpoint,
  };
}

/** Loads the handler of CreateKey that accepts idempotency keys. The environment must be that of stage `local`. */
export async function loadIdempotentHandler(
  tableEndpoint: string,
  taggingEndpoint: string,
  overrides: Partial<FunctionConfig> = {},
): Promise<Handler> {
  const variables = idempotencyEnvironment(tableEndpoint, taggingEndpoint);
  Object.assign(process.env, variables);
  const handler = await importHandler('functions/keys/create-key/idempotent/handler');
  const idempotency = readIdempotencySettings({ ...process.env, ...variables });
  return handler.withConfig({ ...readFunctionConfig(), idempotency, ...overrides });
}
