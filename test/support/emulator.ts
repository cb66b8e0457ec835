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
 * Whom the tests of KMS's behaviour ask: an emulator of their own, or, where KMS_ENDPOINT says so, `aws` (the SDK's own
 * endpoint, Region us-east-1 and credentials) or another KMS at that URL. What only an emulator of their own can do (seed,
 * clock, snapshot) is skipped there, with the reason.
 */
const target = process.env.KMS_ENDPOINT ?? '';
const endpointOfAws = 'aws';

/** The account that the tests run in. */
export const account = target === endpointOfAws ? (process.env.AWS_ACCOUNT_ID ?? '') : defaultAccount;

/** An SDK client that calls `endpoint`, as account `account` in `region`. */
export function clientFor(endpoint: string, { account: accessKeyId = 'test', region = 'us-east-1' } = {}): KMSClient {
  if (endpoint === endpointOfAws) {
    if (accessKeyId !== 'test') skipTest('AWS has this caller in one account only');
    // Real quotas: CreateKey has five requests a second.
    return scheduledForDeletion(new KMSClient({ region, maxAttempts: 10, retryMode: 'adaptive' }), endpoint);
  }
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  const client = new KMSClient({ endpoint, region, credentials, maxAttempts: 1 });
  return target === '' ? client : scheduledForDeletion(client, endpoint);
}

/** An emulator for the tests of a file, with a client; both end with the file. */
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
      name === 'endpoint' ? own.endpoint : skipTest(`only an emulator of the test's own has ${String(name)}`),
  });
  used.client = clientFor(target);
  if (needsSeed) beforeEach((context) => context.skip("only an emulator of the test's own has a seed"));
  afterAll(scheduleDeletions);
}

/** Ends the running test here unless it has an emulator of its own. */
export function requireOwnEmulator(reason: string): void {
  if (target !== '') skipTest(reason);
}

/** The same where the target is AWS. */
export function requireEmulator(reason: string): void {
  if (target === endpointOfAws) skipTest(reason);
}

function skipTest(reason: string): never {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`not against ${target}: ${reason}`);
  return test.context.skip(reason);
}

/** Keys that the tests of a file made where they are not gone with it, by ARN. */
const made = new Map<string, KMSClient>();

function scheduledForDeletion(client: KMSClient, endpoint: string): KMSClient {
  const send = client.send.bind(client) as (...call: unknown[]) => Promise<unknown>;
  const sendAndNote = async (...call: unknown[]) => {
    const answer = await send(...call);
    const [command] = call;
    if (command instanceof CreateKeyCommand) {
      made.set((answer as CreateKeyCommandOutput).KeyMetadata?.Arn ?? '', client);
    }
    if (command instanceof ReplicateKeyCommand) {
      const { Arn = '' } = (answer as ReplicateKeyCommandOutput).ReplicaKeyMetadata ?? {};
      made.set(Arn, clientFor(endpoint, { region: Arn.split(':')[3] ?? '' }));
    }
    return answer;
  };
  client.send = sendAndNote as typeof client.send;
  return client;
}

/** In seven days, the shortest that KMS takes; a key that the test scheduled itself stays as it is. */
async function scheduleDeletions(): Promise<void> {
  for (const [KeyId, client] of made) {
    try {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== 'KMSInvalidStateException' && name !== 'NotFoundException') {
        process.stderr.write(`${KeyId} is left: ${name}: ${message}\n`);
      }
    }
  }
  made.clear();
}

/** The name and message of the error that a call is answered with. */
export async function errorOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('the call succeeded');
}
