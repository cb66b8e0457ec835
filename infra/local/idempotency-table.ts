import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readEndpointFile, removeEndpointFile, writeEndpointFile } from '../../emulator/http/endpoint-file.ts';
import { formatOrigin, listen } from '../../emulator/http/listen.ts';
import { createDataDirectory } from '../../emulator/store/data-directory.ts';
import { lockFile } from '../../shared/files/lock-file.ts';
import { tableKey } from '../idempotency/table.ts';

/** A table for idempotency keys on this machine, in dynalite instead of DynamoDB. */
export interface LocalTable {
  readonly endpoint: string;
  /** Lets the process end although the table's server listens. */
  unref(): void;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const lookups = { count: 20, pauseMs: 100 };

/**
 * Opens the table in a directory. Only one process can open the files, so other processes use the server of that process.
 * Throws an error with a message for the user if the table cannot be opened.
 */
export async function openIdempotencyTable(directory: string, tableName: string): Promise<LocalTable> {
  createDataDirectory(directory);
  for (let lookup = 1; lookup <= lookups.count; lookup += 1) {
    const unlock = lockFile(join(directory, 'lock'));
    if (unlock !== undefined) return startServer(directory, tableName, unlock);
    // The other process may still be starting.
    const running = readEndpointFile(directory)?.url;
    if (running !== undefined && (await hasTable(running, tableName))) return useServer(running);
    await wait(lookups.pauseMs);
  }
  throw new Error(`Another process uses the table in ${directory}, but does not respond. Stop it, and try again.`);
}

async function startServer(directory: string, tableName: string, unlock: () => void): Promise<LocalTable> {
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ path: join(directory, 'table'), createTableMs: 0 });
  const url = formatOrigin(await listen(server, 0, host));
  const close = async () => {
    removeEndpointFile(directory);
    await closeServer(server);
    unlock();
  };
  try {
    await createTable(url, tableName);
    writeEndpointFile(directory, { pid: process.pid, url });
    return { endpoint: url, unref: () => server.unref(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns the table of another process, which closes it. */
function useServer(endpoint: string): LocalTable {
  return { endpoint, unref: () => {}, close: () => Promise.resolve() };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function createTable(endpoint: string, TableName: string): Promise<void> {
  const client = createClient(endpoint);
  try {
    await client.send(new CreateTableCommand({ TableName, ...tableKey, BillingMode: 'PAY_PER_REQUEST' }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceInUseException') throw error;
  } finally {
    client.destroy();
  }
}

async function hasTable(endpoint: string, TableName: string): Promise<boolean> {
  const client = createClient(endpoint);
  try {
    await client.send(new DescribeTableCommand({ TableName }));
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

function createClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}
