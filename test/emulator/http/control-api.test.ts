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

test.each([
  [{ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 }, 93_784_005],
  [{ days: -1 }, -86_400_000],
  [1_000, 1_000],
])('clock.advance moves the clock by %o', async (duration, milliseconds) => {
  const emulator = await startEmulator();
  emulator.clock.advance(duration);
  expect(emulator.clock.offsetMs).toBe(milliseconds);
  await emulator.close();
});

test.each([
  [() => used.emulator.clock.advance({ day: 1 } as never), 'day is not a unit of a duration. Did you mean `days`?'],
  [() => used.emulator.clock.advance({ days: '1' } as never), 'The days of a duration must be a number.'],
  [() => used.emulator.clock.advance('1' as never), 'The duration must be a number of milliseconds, or an object'],
  [() => used.emulator.clock.set('2030-01-01' as never), 'The time must be a Date'],
])('the clock rejects a value of another type, and does not move (%#)', (move, message) => {
  const { offsetMs } = used.emulator.clock;
  expect(move).toThrow(TypeError);
  expect(move).toThrow(message);
  expect(used.emulator.clock.offsetMs).toBe(offsetMs);
});

test.each([
  [
    'PUT',
    'clock',
    { advancMs: 1 },
    '/advancMs is not a known member. Did you mean `advanceMs`? The body must be {"now"',
  ],
  ['PUT', 'clock', { advance: { day: 1 } }, 'day is not a unit of a duration. Did you mean `days`?'],
  ['POST', 'explain', { operaton: 'Encrypt' }, '/operaton is not a known member. Did you mean `operation`? The body'],
  ['POST', 'explain', { operation: 'Encript' }, 'KMS has no operation Encript. Did you mean `Encrypt`?'],
  [
    'POST',
    'explain',
    { operation: 'Encrypt', input: { keyId: 'alias/x' } },
    'Encrypt has no member `keyId`. Did you mean `KeyId`?',
  ],
  [
    'POST',
    'explain',
    { operation: 'ListKeys', principal: 'arn:aws:s3:::bucket' },
    'arn:aws:s3:::bucket is not the ARN of a user',
  ],
] as const)('%s %s reports the mistake in %o, with the closest name', async (method, path, body, message) => {
  const { status, json } = await callControlApi(method, path, body);
  expect(status).toBe(400);
  expect(json.message).toContain(message);
});

test('PUT clock advances the clock by a duration', async () => {
  const { json } = await callControlApi('PUT', 'clock', { advance: { days: 1 } });
  expect(Date.parse(String(json.now)) - used.emulator.clock.now()).toBeLessThanOrEqual(0);
});

test.each([
  [{ latencyMs: [20, 5] }, 'latencyMs must be a number of milliseconds, or a range that starts with the smaller'],
  [{ latencyMs: -1 }, 'latencyMs must be'],
  [{ quotas: 0 }, 'quotas must be a number greater than 0.'],
  [{ sed: 'default' }, 'startEmulator has no option sed. Did you mean `seed`?'],
])('startEmulator rejects the options %o', async (options, message) => {
  await expect(startEmulator(options as never)).rejects.toThrow(message);
});

test('the emulator warns once about a Region that AWS KMS does not have, with the closest Region', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  for (const region of ['us-esat-1', 'us-esat-1', 'eu-west-1']) {
    const client = clientFor(used.emulator.endpoint, { region });
    expect((await client.send(new ListKeysCommand({}))).$metadata.httpStatusCode).toBe(200);
    client.destroy();
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  expect(warnings.map(({ message }) => message)).toEqual([
    'A request is for the Region us-esat-1, which AWS KMS does not have. The emulator keeps its keys apart from those of other Regions. Did you mean `us-east-1`?',
  ]);
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

test.each([null, [], 'snapshot', {}, { store: 6 }, { store: 6, tables: null }])(
  'PUT snapshot rejects a body that is not a snapshot, and says what it needs: %j',
  async (body) => {
    const { status, json } = await callControlApi('PUT', 'snapshot', body);
    expect(status).toBe(400);
    expect(json.message).toMatch(/^the snapshot must have the members `store` and `tables`/);
  },
);

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
