import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientFor } from '../support/emulator.ts';
import { fixedPorts, holdPort, listUsedPorts, releasePort, useFixedPorts } from '../support/fixed-ports.ts';
import { isSoak } from '../support/operations.ts';
import { listGroupProcesses, type Running, run } from '../support/process.ts';
import { useProjectCopy } from '../support/project-copy.ts';
import { startService } from '../support/start.ts';
import { describeEveryOperation } from './every-operation.ts';
import { describeLocalGateway } from './local-gateway.ts';

const api = 'http://localhost:3000';
const jsonType = 'application/json';
const readyLimitMs = 60_000;

useFixedPorts();
const project = useProjectCopy();
let service: Running;
let readyMs: number;

async function start(...args: string[]): Promise<void> {
  ({ process: service, readyMs } = await startService(project.directory, args));
}

/** Sends Ctrl-C. Every process must end, the exit code must be 0, and the ports must be free. */
async function stop(): Promise<void> {
  const finished = await service.end('SIGINT');
  expect({ code: finished.code, signal: finished.signal }).toEqual({ code: 0, signal: null });
  expect(await listGroupProcesses(service.pid), 'a process still runs').toEqual([]);
  expect(await listUsedPorts()).toEqual([]);
  expect(existsSync(join(project.directory, '.kms', 'endpoint.json'))).toBe(false);
}

interface Reply {
  readonly status: number;
  readonly type: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check the members.
  readonly body: any;
}

/** Reads the media type without the charset, which the local gateway adds and API Gateway does not. */
function readMediaType(response: Response): string | undefined {
  return response.headers.get('content-type')?.split(';')[0];
}

async function post(path: string, body: unknown = {}): Promise<Reply> {
  const response = await fetch(`${api}${path}`, {
    method: 'POST',
    headers: { 'content-type': jsonType },
    body: JSON.stringify(body),
  });
  return { status: response.status, type: readMediaType(response), body: await response.json() };
}

describe('npm start', () => {
  beforeAll(() => start());
  afterAll(stop);
  let key = '';
  let ciphertext = '';
  const plaintext = randomBytes(4096).toString('base64');
  const context = { EncryptionContext: { file: 'secret.txt', team: 'a/b' } };

  test('npm start is ready within the time limit and prints the URLs of the API and the emulator', () => {
    expect(service.output).toMatch(/^API: +http:\/\/localhost:3000$/m);
    expect(service.output).toMatch(/^Lambda: +http:\/\/localhost:3002$/m);
    expect(service.output).toMatch(/^KMS emulator: http:\/\/127\.0\.0\.1:4599$/m);
    expect(readyMs).toBeLessThan(readyLimitMs);
  });

  test('npm start prints a curl command that works', async () => {
    const [, line = ''] = /^Try: +(curl .*)$/m.exec(service.output) ?? [];
    const { code, stdout } = await run(['sh', '-c', line]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ CiphertextBlob: expect.any(String) });
  });

  test('the local API creates a key', async () => {
    const { status, body } = await post('/keys', { Description: 'first page' });
    expect(status).toBe(201);
    key = body.KeyMetadata.KeyId;
    expect(body.KeyMetadata.Arn).toBe(`arn:aws:kms:us-east-1:000000000000:key/${key}`);
  });

  test('the local API encrypts 4,096 bytes with an encryption context', async () => {
    const { status, type, body } = await post(`/keys/${key}/encrypt`, { Plaintext: plaintext, ...context });
    expect({ status, type }).toEqual({ status: 200, type: jsonType });
    ciphertext = body.CiphertextBlob;
  });

  async function expectDecryptOnBothRoutes(): Promise<void> {
    for (const path of [`/keys/${key}/decrypt`, '/decrypt']) {
      const { status, body } = await post(path, { CiphertextBlob: ciphertext, ...context });
      expect({ status, plaintext: body.Plaintext }).toEqual({ status: 200, plaintext });
    }
  }

  test('the local API decrypts with and without the key in the path', expectDecryptOnBothRoutes);

  test('the local API rotates the key and still decrypts the earlier ciphertext', async () => {
    expect(await post(`/keys/${key}/rotate`)).toMatchObject({ status: 200 });
    await expectDecryptOnBothRoutes();
  });

  async function expectEncryptConflict(code: string): Promise<void> {
    expect(await post(`/keys/${key}/encrypt`, { Plaintext: 'aGVsbG8=' })).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { status: 409, code },
    });
  }

  test('the local API disables the key, returns 409 DisabledException for encrypt, and enables the key', async () => {
    expect(await post(`/keys/${key}/disable`)).toMatchObject({ status: 200 });
    await expectEncryptConflict('DisabledException');
    expect(await post(`/keys/${key}/enable`)).toMatchObject({ status: 200 });
    await expectDecryptOnBothRoutes();
  });

  test('the local API schedules the key deletion, returns 409 KMSInvalidStateException for encrypt, and cancels the deletion', async () => {
    const { status, body } = await post(`/keys/${key}/schedule-deletion`, { PendingWindowInDays: 7 });
    expect({ status, state: body.KeyState }).toEqual({ status: 200, state: 'PendingDeletion' });
    expect((Date.parse(body.DeletionDate) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
    await expectEncryptConflict('KMSInvalidStateException');
    expect(await post(`/keys/${key}/cancel-deletion`)).toMatchObject({ status: 200 });
    expect(await post(`/keys/${key}/enable`)).toMatchObject({ status: 200 });
  });

  test('the local API creates alias/team/app and encrypts at /keys/alias.team.app/encrypt', async () => {
    const alias = { AliasName: 'alias/team/app', TargetKeyId: key };
    expect(await post('/aliases', alias)).toMatchObject({ status: 201 });
    const { status, body } = await post('/keys/alias.team.app/encrypt', { Plaintext: 'aGVsbG8=' });
    expect({ status, key: body.KeyId }).toEqual({ status: 200, key: expect.stringContaining(key) });
  });

  test("npm start serves the AWS SDK's Lambda client on port 3002", async () => {
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    const lambda = new LambdaClient({ endpoint: 'http://localhost:3002', region: 'us-east-1', credentials });
    const invoke = async (name: string, event: unknown) => {
      const FunctionName = `kms-functions-local-${name}`;
      const output = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
      const result = JSON.parse(Buffer.from(output.Payload ?? []).toString());
      return { result, isError: output.FunctionError !== undefined };
    };
    const { KeyId } = (await invoke('createKey', {})).result.KeyMetadata;
    const { CiphertextBlob } = (await invoke('encrypt', { KeyId, Plaintext: plaintext })).result;
    expect((await invoke('decrypt', { CiphertextBlob })).result.Plaintext).toBe(plaintext);
    const deletion = await invoke('scheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    expect(deletion.result).toMatchObject({ KeyState: 'PendingDeletion' });
    const failed = await invoke('encrypt', { KeyId, Plaintext: plaintext });
    expect(failed.isError).toBe(true);
    expect(failed.result.errorType).toBe('KMSInvalidStateException');
    expect(failed.result.errorMessage).toMatch(/^KMSInvalidStateException: /);
    lambda.destroy();
    expect(service.output).toMatch(
      /^\d\d:\d\d:\d\d invoke kms-functions-local-encrypt error KMSInvalidStateException: .* {2}\d+ ms$/m,
    );
    expect(service.output).not.toMatch(/Unhandled|RequestId/);
  });

  test('npm start prints a line for each call to the API, with the reason of an error, instead of a record in JSON', async () => {
    await post('/keys/alias.example/encrypt', {});
    expect(service.output).toMatch(
      /^\d\d:\d\d:\d\d POST \/keys\/alias\.example\/encrypt 400 ValidationException: \/Plaintext is required\. {2}\d+ ms$/m,
    );
    expect(service.output).not.toContain('{"level"');
  });

  test("npm start serves the AWS SDK's KMS client on port 4599", async () => {
    const kms = clientFor('http://127.0.0.1:4599');
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.KeyId;
    const Plaintext = Buffer.from(plaintext, 'base64');
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    const decrypted = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(decrypted.Plaintext ?? [])).toEqual(Plaintext);
    const { KeyState } = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(KeyState).toBe('PendingDeletion');
    kms.destroy();
  });

  test('serverless invoke local uses the emulator that npm start runs', async () => {
    const event = JSON.stringify({ Description: 'by invoke local' });
    const { code, stdout } = await run(['serverless', 'invoke', 'local', '-f', 'createKey', '-d', event], {
      cwd: project.directory,
      // The other master key prevents the command from opening the store, so it must use the running emulator.
      env: { KMS_EMULATOR_MASTER_KEY: Buffer.alloc(32).toString('base64') },
    });
    expect(code).toBe(0);
    const { KeyId } = JSON.parse(stdout).KeyMetadata;
    const response = await fetch(`${api}/keys/${KeyId}`);
    expect(await response.json()).toMatchObject({ KeyMetadata: { Description: 'by invoke local' } });
  });

  describeEveryOperation();

  describeLocalGateway(() => service);

  test('npm start exits with code 0 after Ctrl-C and keeps the keys for the next start', {
    timeout: 60_000,
  }, async () => {
    await stop();
    await start('--param', 'idempotency=on', '--param', 'deletionGuardDays=7');
    await expectDecryptOnBothRoutes();
    const response = await fetch(`${api}/keys/alias.team.app`);
    expect(await response.json()).toMatchObject({ KeyMetadata: { KeyId: key, Description: 'first page' } });
    const kms = clientFor('http://127.0.0.1:4599', { account: 'local' });
    expect(await kms.send(new DescribeKeyCommand({ KeyId: 'alias/team/app' }))).toMatchObject({
      KeyMetadata: { KeyId: key },
    });
    kms.destroy();
  });

  test('npm start with deletionGuardDays=7 refuses the deletion of a key that was used, until the request has Force', async () => {
    const created = await post('/keys', {});
    const path = `/keys/${created.body.KeyMetadata.KeyId}`;
    expect(await post(`${path}/encrypt`, { Plaintext: 'aGVsbG8=' })).toMatchObject({ status: 200 });
    expect(await post(`${path}/schedule-deletion`, { PendingWindowInDays: 7 })).toMatchObject({
      status: 409,
      type: 'application/problem+json',
      body: { code: 'KeyInUseError', detail: expect.stringContaining('was used by Encrypt in us-east-1') },
    });
    expect(await post(`${path}/schedule-deletion`, { PendingWindowInDays: 7, Force: true })).toMatchObject({
      status: 200,
      body: { KeyState: 'PendingDeletion' },
    });
  });

  test('npm start with idempotency=on creates one key for 50 concurrent requests, and invoke local uses the same table', async () => {
    const readKeyIds = async () => {
      const response = await fetch(`${api}/keys?Limit=1000`);
      return ((await response.json()) as { Keys: { KeyId: string }[] }).Keys.map(({ KeyId }) => KeyId);
    };
    const before = new Set(await readKeyIds());
    const create = () =>
      fetch(`${api}/keys`, {
        method: 'POST',
        headers: { 'content-type': jsonType, 'idempotency-key': 'customer-7' },
        body: JSON.stringify({ Description: 'once' }),
      });
    const statuses = (await Promise.all(Array.from({ length: 50 }, create))).map(({ status }) => status);
    expect(statuses).toContain(201);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const created = (await readKeyIds()).filter((id) => !before.has(id));
    expect(created).toHaveLength(1);
    expect((await create()).headers.get('idempotent-replayed')).toBe('true');

    const event = JSON.stringify({ Description: 'once', IdempotencyKey: 'by-invoke-local' });
    const args = [
      'serverless',
      'invoke',
      'local',
      '-f',
      'createKey',
      '--param',
      'idempotency=on',
      '-d',
      event,
    ] as const;
    const ids: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { code, stdout, output } = await run(args, { cwd: project.directory });
      expect(code, output).toBe(0);
      ids.push(JSON.parse(stdout).KeyMetadata.KeyId);
    }
    expect(ids[1]).toBe(ids[0]);
  });
});

/** Runs only with SOAK=1, because it starts two stages. test/docs/recipes.test.ts uses two stages without `npm start`. */
describe.skipIf(!isSoak)('npm start for two Regions', () => {
  test('the second stage uses the emulator of the first stage, and decrypts with a replica', {
    timeout: 2 * readyLimitMs,
  }, async () => {
    const stages: Running[] = [];
    const startStage = async (...args: string[]) => {
      stages.push((await startService(project.directory, args)).process);
    };
    try {
      await startStage('--param', 'regions=eu-west-1');
      const ports = ['--httpPort', '3010', '--lambdaPort', '3012'];
      await startStage('--region', 'eu-west-1', '--param', 'regions=us-east-1', ...ports);
      expect(stages[1]?.output).toMatch(/KMS emulator: http:\/\/127\.0\.0\.1:4599\n/);
      const { body: created } = await post('/keys', { MultiRegion: true });
      const { KeyId } = created.KeyMetadata;
      expect(await post(`/keys/${KeyId}/replicas`, { ReplicaRegion: 'eu-west-1' })).toMatchObject({ status: 201 });
      const { body: encrypted } = await post(`/keys/${KeyId}/encrypt`, { Plaintext: 'aGVsbG8=' });
      const response = await fetch('http://localhost:3010/decrypt', {
        method: 'POST',
        headers: { 'content-type': jsonType },
        body: JSON.stringify({ CiphertextBlob: encrypted.CiphertextBlob }),
      });
      expect(await response.json()).toMatchObject({
        Plaintext: 'aGVsbG8=',
        KeyId: expect.stringContaining(':eu-west-1:'),
      });
    } finally {
      for (const stage of stages.reverse()) expect(await stage.end('SIGINT')).toMatchObject({ code: 0 });
    }
    expect(await listUsedPorts()).toEqual([]);
  });
});

describe('npm start with a port that is in use', () => {
  // The API and Lambda invocation share one check. The emulator checks its own port, as emulator.test.ts shows.
  const ports = fixedPorts.filter((port) => isSoak || port === 3000);
  test.for(ports.map((port) => [port] as const))(
    'npm start reports that port %i is in use and exits',
    async ([port]) => {
      const holder = await holdPort(port);
      try {
        const { code, output } = await run(['npm', 'start'], { cwd: project.directory });
        expect(code).toBe(1);
        expect(output).toMatch(new RegExp(`port ${port} on 127\\.0\\.0\\.1 is already in use`, 'i'));
        if (port !== 4599) expect(output).toContain('For a second stage, add --httpPort 3010 --lambdaPort 3012.');
        expect(output).not.toMatch(/^ +at /m);
        expect(existsSync(join(project.directory, '.kms', 'endpoint.json'))).toBe(false);
      } finally {
        if (holder !== undefined) await releasePort(holder);
      }
      expect(await listUsedPorts()).toEqual([]);
    },
  );
});
