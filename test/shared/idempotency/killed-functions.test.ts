import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import { idempotentHandlerPath } from '../../../infra/function-entry.ts';
import { bundle } from '../../../infra/packaging/bundle.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type Fault, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import {
  idempotencyEnvironment,
  loadIdempotentHandler,
  startTable,
  type TestTable,
} from '../../support/idempotency.ts';
import { isSoak } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator({ seed: 'none' });
let table: TestTable;
let folder: string;
let bundleFile: string;
let handler: Handler;

beforeAll(async () => {
  table = await startTable();
  folder = mkdtempSync(join(tmpdir(), 'kms-functions-killed-'));
  const path = idempotentHandlerPath(createKey);
  await bundle([path], folder);
  bundleFile = join(folder, `${path}.cjs`);
  setLocalEnvironment(used.emulator.endpoint);
  handler = await loadIdempotentHandler(table.endpoint, used.emulator.endpoint);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  return table.close();
});

/** The result of a later call: the key that exists (`one key`), or `IdempotencyUnfinishedError` (`409`). */
type Result = 'one key' | '409';
type Step = [description: string, service: 'DynamoDB' | 'KMS', request: string, nth: number, fault: Fault, Result];

const rareSteps: Step[] = [
  ['before the first write', 'DynamoDB', 'PutItem', 1, 'no execution', 'one key'],
  ['before it has recorded that it sends the request', 'DynamoDB', 'UpdateItem', 1, 'no execution', 'one key'],
  ['before KMS receives the request', 'KMS', 'CreateKey', 1, 'no execution', '409'],
  ['after the response was stored', 'DynamoDB', 'UpdateItem', 2, 'no response', 'one key'],
];
const steps: Step[] = [
  ['after the first write', 'DynamoDB', 'PutItem', 1, 'no response', 'one key'],
  ['after it has recorded that it sends the request', 'DynamoDB', 'UpdateItem', 1, 'no response', '409'],
  ['after KMS has created the key', 'KMS', 'CreateKey', 1, 'no response', 'one key'],
  ['before the response is stored', 'DynamoDB', 'UpdateItem', 2, 'no execution', 'one key'],
  ...(isSoak ? rareSteps : []),
];

/** Runs the deployed bundle in a process of its own, and kills the process when it waits for the response of a request. */
async function runAndKill(event: object, [, service, request, nth, fault]: Step): Promise<void> {
  const isKms = service === 'KMS';
  const proxy = await startFaultProxy(isKms ? used.emulator.endpoint : table.endpoint);
  Object.assign(proxy, {
    fault,
    appliesTo: (operation: string, count: number) => operation === request && count === nth,
  });
  const [kms, dynamo] = isKms ? [proxy.endpoint, table.endpoint] : [used.emulator.endpoint, proxy.endpoint];
  const source = `
    const { handler } = require(${JSON.stringify(bundleFile)});
    const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => 26_000 };
    handler(${JSON.stringify(event)}, context);`;
  const child = spawn(process.execPath, ['--eval', source], {
    env: {
      KMS_FUNCTIONS_STAGE: 'local',
      ALLOWED_ACCOUNT_IDS: '000000000000',
      AWS_ENDPOINT_URL_KMS: kms,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      ...idempotencyEnvironment(dynamo, used.emulator.endpoint),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await proxy.stuck;
  child.kill('SIGKILL');
  await once(child, 'exit');
  await proxy.close();
}

const buildEvent = ([Description]: Step) => ({ Description, IdempotencyKey: Description.replaceAll(' ', '-') });

/** Returns the keys that the calls of a step created. */
async function listKeys([description]: Step): Promise<string[]> {
  const { Keys = [] } = await used.client.send(new ListKeysCommand({ Limit: 1_000 }));
  const described = await Promise.all(
    Keys.map(async ({ KeyId }) => (await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata),
  );
  return described.filter((key) => key?.Description === description).map((key) => key?.KeyId ?? '');
}

// The processes run concurrently, because each mostly waits.
beforeAll(() => Promise.all(steps.map((step) => runAndKill(buildEvent(step), step))).then(() => {}), 60_000);

test.each(steps.map((step) => [step[0], step[5], step] as const))(
  'a function that is killed %s leads to this result of the next calls: %s',
  async (_, result, step) => {
    // Lambda has ended the killed function after at most a minute.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    const event = buildEvent(step);
    const outcomes = [await invoke(handler, event, createContext()), await invoke(handler, event, createContext())];
    const created = await listKeys(step);
    if (result === '409') {
      expect(outcomes).toMatchObject(Array(2).fill({ ok: false, code: 'IdempotencyUnfinishedError' }));
      expect(created).toEqual([]);
    } else {
      expect(created).toHaveLength(1);
      const [KeyId] = created;
      expect(outcomes).toMatchObject(Array(2).fill({ ok: true, body: { KeyMetadata: { KeyId } } }));
    }
  },
);
