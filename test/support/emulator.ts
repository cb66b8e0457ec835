import {
  CreateKeyCommand,
  type CreateKeyCommandOutput,
  KMSClient,
  ReplicateKeyCommand,
  type ReplicateKeyCommandOutput,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, TestRunner } from 'vitest';
import { defaultAccount } from '../../emulator/core/credential.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts';

/**
 * The KMS that the tests call. Without KMS_ENDPOINT, each test file starts an emulator. KMS_ENDPOINT can be `aws` (the
 * SDK's endpoint and credentials, in Region us-east-1) or the URL of another KMS. With KMS_ENDPOINT, tests that require
 * emulator features (seed, clock, snapshot) are skipped with a reason.
 */
const target = process.env.KMS_ENDPOINT ?? '';
const awsEndpoint = 'aws';

/** The account in which the tests run. */
export const account = target === awsEndpoint ? (process.env.AWS_ACCOUNT_ID ?? '') : defaultAccount;

/** Creates an SDK client for an endpoint, an account and a Region. */
export function clientFor(
  endpoint: string,
  { account: accessKeyId = defaultAccount, region = 'us-east-1' } = {},
): KMSClient {
  if (endpoint === awsEndpoint) {
    if (accessKeyId !== defaultAccount) skipTest('the tests have only one account in AWS');
    // AWS allows five CreateKey requests per second.
    return trackKeys(new KMSClient({ region, maxAttempts: 10, retryMode: 'adaptive' }), endpoint);
  }
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  const client = new KMSClient({ endpoint, region, credentials, maxAttempts: 1 });
  return target === '' ? client : trackKeys(client, endpoint);
}

/** Starts an emulator and a client for the tests in a file, and closes both after the last test. */
export function useEmulator(options: EmulatorOptions = { seed: 'default' }): { emulator: Emulator; client: KMSClient } {
  const used = {} as { emulator: Emulator; client: KMSClient };
  if (target !== '') {
    useTarget(used, options.seed !== undefined && options.seed !== 'none');
    return used;
  }
  beforeAll(async () => {
    used.emulator = await startEmulator(options);
    used.client = clientFor(used.emulator.endpoint);
  });
  afterAll(async () => {
    used.client.destroy();
    await used.emulator.close();
  });
  return used;
}

function useTarget(used: { emulator: Emulator; client: KMSClient }, needsSeed: boolean): void {
  used.emulator = new Proxy({ endpoint: target } as Emulator, {
    get: (own, name) =>
      name === 'endpoint' ? own.endpoint : skipTest(`only the test's own emulator has ${String(name)}`),
  });
  used.client = clientFor(target);
  if (needsSeed) beforeEach((context) => context.skip("only the test's own emulator has a seed"));
  afterAll(scheduleDeletions);
}

/** Skips the running test unless it runs against its own emulator. */
export function requireOwnEmulator(reason: string): void {
  if (target !== '') skipTest(reason);
}

/** Skips the running test if it runs against AWS. */
export function requireEmulator(reason: string): void {
  if (target === awsEndpoint) skipTest(reason);
}

function skipTest(reason: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`cannot run against ${target}: ${reason}`);
  return test.context.skip(reason);
}

/** The clients for the keys that the tests in a file created in another KMS, by key ARN. */
const createdKeys = new Map<string, KMSClient>();

function trackKeys(client: KMSClient, endpoint: string): KMSClient {
  const send = client.send.bind(client) as (...call: unknown[]) => Promise<unknown>;
  const sendAndTrack = async (...call: unknown[]) => {
    const output = await send(...call);
    const [command] = call;
    if (command instanceof CreateKeyCommand) {
      createdKeys.set((output as CreateKeyCommandOutput).KeyMetadata?.Arn ?? '', client);
    }
    if (command instanceof ReplicateKeyCommand) {
      const { Arn = '' } = (output as ReplicateKeyCommandOutput).ReplicaKeyMetadata ?? {};
      createdKeys.set(Arn, clientFor(endpoint, { region: Arn.split(':')[3] ?? '' }));
    }
    return output;
  };
  client.send = sendAndTrack as typeof client.send;
  return client;
}

/** Schedules the created keys for deletion in seven days, the KMS minimum. Skips keys that are already scheduled. */
async function scheduleDeletions(): Promise<void> {
  for (const [KeyId, client] of createdKeys) {
    try {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'KMSInvalidStateException' && name !== 'NotFoundException') {
        process.stderr.write(`Could not schedule the deletion of ${KeyId}: ${name}: ${message}\n`);
      }
    }
  }
  createdKeys.clear();
}

/** Returns the name and message of a call's error. Fails if the call succeeds. */
export async function catchError(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('The call succeeded.');
}
