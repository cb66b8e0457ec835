import { createServer } from 'node:net';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../emulator/index.ts';
import { catchError } from '../../support/emulator.ts';

let emulator: Emulator;
let kms: KMSClient;
const createOptions = (secretAccessKey = 'secret') => ({
  requestHandler: emulator.requestHandler,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAINPROCESS', secretAccessKey },
});
const Principals = [
  { AccessKeyId: 'AKIAINPROCESS', Arn: 'arn:aws:iam::000000000000:root', SecretAccessKey: 'secret' },
] as const;
const KeyId = '77777777-7777-4777-8777-777777777777';

beforeAll(async () => {
  emulator = await startEmulator({ listen: false, seed: { Keys: [{ KeyId }], Principals }, verifySignatures: true });
  kms = new KMSClient(createOptions());
});
afterAll(() => emulator.close());

describe('requestHandler', () => {
  test('requestHandler answers an SDK client without a port', async () => {
    const Plaintext = new TextEncoder().encode('grüße');
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
    expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext);
    expect(emulator).toMatchObject({ port: 0, endpoint: 'http://kms-emulator.invalid' });
  });

  test('requestHandler verifies signatures', async () => {
    const other = new KMSClient(createOptions('another secret'));
    expect((await catchError(other.send(new ListKeysCommand({})))).name).toBe('InvalidSignatureException');
  });

  test('requestHandler returns errors with their code, message and request id', async () => {
    const error = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'NotFoundException',
      message: 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test('requestHandler answers an STS client', async () => {
    const { Arn } = await new STSClient(createOptions()).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:iam::000000000000:root');
  });

  test('requestHandler rejects an aborted call as the SDK does', async () => {
    const call = kms.send(new ListKeysCommand({}), { abortSignal: AbortSignal.abort() });
    expect((await catchError(call)).name).toBe('AbortError');
  });

  test('requestHandler rejects a call as soon as it is aborted, and not after the latency', async () => {
    const slow = await startEmulator({ listen: false, latencyMs: 60_000 });
    const client = new KMSClient({
      requestHandler: slow.requestHandler,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const call = client.send(new ListKeysCommand({}), { abortSignal: abort.signal });
    expect((await catchError(call)).name).toBe('AbortError');
    await slow.close();
  });

  test('after the emulator closes, requestHandler says so', async () => {
    const closed = await startEmulator({ listen: false });
    await closed.close();
    const client = new KMSClient({
      requestHandler: closed.requestHandler,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    expect((await catchError(client.send(new ListKeysCommand({})))).message).toBe('The emulator is closed.');
  });

  test('an emulator without a port works if its port is in use', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const other = await startEmulator({ listen: false, port });
    await other.close();
    await other.close();
    await new Promise((resolve) => holder.close(resolve));
  });
});
