import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../../emulator/index.ts';
import { loadDefaultSeed } from '../../../emulator/seed/read-seed.ts';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';
import { useDirectory } from '../../support/project-copy.ts';

const used = useEmulator();
const callControlApi = async (method: string, path: string, body?: unknown) => {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${used.emulator.endpoint}/_kms/${path}`, init);
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};
const keyCount = async () => (await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length ?? 0;

test('PUT clock sets and advances the clock, and the clock keeps running', async () => {
  expect((await callControlApi('PUT', 'clock', { now: '2030-01-01T00:00:00Z' })).status).toBe(200);
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
  expect(KeyMetadata?.CreationDate?.toISOString()).toMatch(/^2030-01-01T00:00/);
  await callControlApi('PUT', 'clock', { advanceMs: 86_400_000 });
  expect((await callControlApi('GET', 'clock')).json.now).toMatch(/^2030-01-02T00:00/);
});

test.each([{}, { now: 'soon' }, { advanceMs: 'x' }, { now: '2030-01-01T00:00:00Z', advanceMs: 1 }])(
  'PUT clock rejects the body %o',
  async (body) => {
    expect((await callControlApi('PUT', 'clock', body)).status).toBe(400);
  },
);

test.each([
  { advanceMs: 1e16 },
  { advanceMs: 8e15 },
  { advanceMs: -1e14 },
  { now: '1969-12-31T23:59:59Z' },
  { now: '+010000-01-01T00:00:00Z' },
])('PUT clock rejects %o, which is outside the years 1970 to 9999, and does not move the clock', async (body) => {
  const { json: before } = await callControlApi('GET', 'clock');
  const { status, json } = await callControlApi('PUT', 'clock', body);
  expect(status).toBe(400);
  expect(json.message).toBe('The clock must stay between 1970-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.');
  const { json: after } = await callControlApi('GET', 'clock');
  expect(Date.parse(String(after.now)) - Date.parse(String(before.now))).toBeLessThan(60_000);
  await used.client.send(new ListKeysCommand({ Limit: 1 }));
});

test.each([
  ['restore_seed', ' Did you mean `POST restore-seed`?'],
  ['resett', ' Did you mean `POST reset`?'],
  ['something-else', ''],
])('POST %s returns 404, with the closest route', async (path, hint) => {
  const { status, json } = await callControlApi('POST', path);
  expect(status).toBe(404);
  expect(json.message).toBe(`The control API does not support this method and path.${hint}`);
});

test('POST reset removes all data and applies the seed', async () => {
  const seeded = await keyCount();
  await used.client.send(new CreateKeyCommand({}));
  await callControlApi('POST', 'reset');
  expect(await keyCount()).toBe(seeded);
});

test('a snapshot restores all data and contains no plaintext key material', async () => {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  const { json: snapshot } = await callControlApi('GET', 'snapshot');
  const count = await keyCount();
  await callControlApi('POST', 'reset');
  expect((await catchError(used.client.send(new DescribeKeyCommand({ KeyId })))).name).toBe('NotFoundException');
  expect((await callControlApi('PUT', 'snapshot', snapshot)).status).toBe(200);
  expect(await keyCount()).toBe(count);
  await used.client.send(new DecryptCommand({ CiphertextBlob }));
  const publicMaterial = 'kms-functions default seed';
  expect(JSON.stringify(snapshot)).not.toContain(publicMaterial);
});

test('PUT snapshot rejects a snapshot with a different master key and changes nothing', async () => {
  const other = await startEmulator({ seed: 'default' });
  const foreign = other.snapshot();
  await other.close();
  const count = await keyCount();
  expect((await callControlApi('PUT', 'snapshot', foreign)).status).toBe(400);
  expect(await keyCount()).toBe(count);
});

test('the quotas option throttles each operation separately in each account', async () => {
  const emulator = await startEmulator({ quotas: 1 });
  const client = clientFor(emulator.endpoint);
  const calls = await Promise.all(
    Array.from({ length: 10 }, () =>
      client.send(new CreateKeyCommand({})).then(
        () => 'created',
        (error: Error) => error.name,
      ),
    ),
  );
  expect(calls.filter((outcome) => outcome === 'created').length).toBeGreaterThanOrEqual(5);
  expect(calls).toContain('ThrottlingException');
  await client.send(new ListKeysCommand({}));
  await clientFor(emulator.endpoint, { account: '111122223333' }).send(new CreateKeyCommand({}));
  await emulator.close();
});

test('the latencyMs option delays each response', async () => {
  const emulator = await startEmulator({ latencyMs: [50, 60] });
  const began = performance.now();
  await clientFor(emulator.endpoint).send(new ListKeysCommand({}));
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
  await emulator.close();
});

describe('restoreSeed', () => {
  const directory = useDirectory();

  test('restoreSeed restores the seed again if another emulator on the same directory has changed the store', async () => {
    const options = { directory: directory.directory, seed: 'default' } as const;
    const one = await startEmulator(options);
    const other = await startEmulator({ ...options, announce: false });
    const [here, there] = [clientFor(one.endpoint), clientFor(other.endpoint)];
    const KeyId = '5a4d1e00-0000-4000-8000-000000000001';
    for (let round = 0; round < 2; round += 1) {
      await one.restoreSeed();
      await there.send(new DisableKeyCommand({ KeyId }));
      await one.restoreSeed();
      expect((await here.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Enabled');
    }
    for (const client of [here, there]) client.destroy();
    await Promise.all([one.close(), other.close()]);
  });

  test('restoreSeed restores the seed again after a clock change, because dates in the seed are relative to the clock', async () => {
    const { KeyId = '' } = loadDefaultSeed().Keys.find(({ KeyState }) => KeyState === 'PendingDeletion') ?? {};
    const emulator = await startEmulator({ seed: 'default' });
    const client = clientFor(emulator.endpoint);
    const deletion = async () => {
      await emulator.restoreSeed();
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      return KeyMetadata?.DeletionDate?.getTime() ?? 0;
    };
    const before = await deletion();
    expect(await deletion()).toBe(before);
    const tenDaysMs = 864_000_000;
    emulator.clock.advance(tenDaysMs);
    expect((await deletion()) - before).toBeGreaterThanOrEqual(tenDaysMs);
    client.destroy();
    await emulator.close();
  });
});
