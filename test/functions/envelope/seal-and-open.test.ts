import { randomBytes } from 'node:crypto';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMS,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataKey, type EncryptedDataKey, readHeader, sealBuffer } from '../../../envelope/index.ts';
import { open, rewrap, seal } from '../../../functions/operations.ts';
import { httpEvent } from '../../../scripts/sample-events.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { useEmulator } from '../../support/emulator.ts';
import { callDirectly, captureRecords, failDirectly } from '../../support/envelope.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
let kms: FaultProxy;
beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
});
afterAll(() => kms.close());
beforeEach(() => {
  kms.fault = 'none';
  kms.requests.clear();
});

const KeyId = 'alias/example';
const exampleArn = 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001';
const EncryptionContext = { purpose: 'test' };
const Plaintext = Buffer.from('hello').toString('base64');
const signed = 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384';

async function createKey(input: object = {}): Promise<string> {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(input));
  return KeyMetadata?.Arn ?? '';
}

/** Seals a message with any data key. Returns it in base64. */
async function sealWith(dataKey: DataKey, plaintext = Buffer.from('hello'), frameLength = 65_536): Promise<string> {
  const dataKeys = { generate: async () => dataKey, decrypt: () => Promise.reject(new Error('not used')) };
  return Buffer.from(await sealBuffer(plaintext, { dataKeys, frameLength })).toString('base64');
}

/** The AWS Encryption SDK for JavaScript, with a key of the emulator. */
function createAwsLibrary(keyArn: string, policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clientProvider = (region: string) => new KMS({ endpoint: used.emulator.endpoint, region, credentials });
  const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider: clientProvider as never });
  const { encrypt, decrypt } = buildClient(policy);
  return {
    seal: async (plaintext: string, encryptionContext = {}) =>
      (await encrypt(keyring, Buffer.from(plaintext), { encryptionContext })).result.toString('base64'),
    open: async (message: string) => (await decrypt(keyring, Buffer.from(message, 'base64'))).plaintext,
  };
}

describe('a sealed message', () => {
  test.for([
    ['without a context', {}],
    ['with a context', { EncryptionContext }],
    ['with a signature', { EncryptionContext, AlgorithmSuite: signed }],
    ['with short frames', { FrameLength: 1_024 }],
  ] as const)('a sealed message %s is opened by Open and by the library of AWS', async ([, more]) => {
    const plaintext = randomBytes(5_000).toString('base64');
    const { Message, AlgorithmSuite } = await callDirectly(seal, { KeyId, Plaintext: plaintext, ...more });
    const opened = await callDirectly(open, { KeyId, Message });
    const { EncryptionContext: expected = {} } = more as { EncryptionContext?: object };
    expect(opened).toEqual({ Plaintext: plaintext, EncryptionContext: expected, KeyId: exampleArn, AlgorithmSuite });
    const byAws = await createAwsLibrary(exampleArn).open(Message);
    expect(byAws.toString('base64')).toBe(plaintext);
  });

  test('a message of the library of AWS is opened, with its encryption context', async () => {
    const Message = await createAwsLibrary(exampleArn).seal('from AWS', EncryptionContext);
    const { AlgorithmSuite, ...opened } = await callDirectly(open, { Message, EncryptionContext });
    expect(opened).toEqual({
      Plaintext: Buffer.from('from AWS').toString('base64'),
      EncryptionContext,
      KeyId: exampleArn,
    });
    expect(AlgorithmSuite).toBe(signed);
  });

  test('a message without key commitment is opened only if CommitmentPolicy allows it', async () => {
    const library = createAwsLibrary(exampleArn, CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
    const Message = await library.seal('old');
    const error = await failDirectly(open, { Message });
    expect(error).toContain('InvalidMessageError');
    expect(error).toContain('set CommitmentPolicy to REQUIRE_ENCRYPT_ALLOW_DECRYPT');
    const opened = await callDirectly(open, { Message, CommitmentPolicy: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' });
    expect(Buffer.from(opened.Plaintext, 'base64').toString()).toBe('old');
  });

  test('an empty plaintext can be sealed and opened', async () => {
    const { Message } = await callDirectly(seal, { KeyId, Plaintext: '' });
    expect(await callDirectly(open, { Message })).toMatchObject({ Plaintext: '' });
  });

  test.for(['/keys/{KeyId}/open', '/open'])('a message is opened over HTTP at %s', async (path) => {
    const { Message } = await callDirectly(seal, { KeyId, Plaintext });
    const route = open.routes.find((each) => each.path === path) ?? open.routes[0];
    const input = path === '/open' ? { Message } : { KeyId, Message };
    const outcome = await invoke(await loadHandler(open), buildHttpEvent(open, route, input));
    expect(outcome).toMatchObject({ ok: true, status: 200, body: { Plaintext } });
  });
});

describe('Open', () => {
  const cases: readonly (readonly [title: string, change: (message: Buffer) => Uint8Array, text: string])[] = [
    ['that is not a message', () => Buffer.from('not a message'), 'InvalidMessageError: '],
    [
      'with a changed tag',
      (message) => Buffer.concat([message.subarray(0, -1), Buffer.of((message.at(-1) ?? 0) ^ 1)]),
      'InvalidMessageError: ',
    ],
    ['that ends too early', (message) => message.subarray(0, -1), 'InvalidMessageError: '],
    ['with trailing bytes', (message) => Buffer.concat([message, Buffer.of(0)]), 'InvalidMessageError: '],
  ];
  test.for(cases)('Open rejects a message %s', async ([, change, expected]) => {
    const { Message } = await callDirectly(seal, { KeyId, Plaintext });
    const changed = Buffer.from(change(Buffer.from(Message, 'base64'))).toString('base64');
    expect(await failDirectly(open, { Message: changed })).toContain(expected);
  });

  test('Open requires the pairs in EncryptionContext, and accepts more pairs in the message', async () => {
    const context = { ...EncryptionContext, more: 'x' };
    const { Message } = await callDirectly(seal, { KeyId, Plaintext, EncryptionContext: context });
    expect(await callDirectly(open, { Message, EncryptionContext })).toMatchObject({ EncryptionContext: context });
    kms.requests.clear();
    const error = await failDirectly(open, { Message, EncryptionContext: { purpose: 'other' } });
    expect(error).toContain('InvalidCiphertextException');
    expect([...kms.requests]).toEqual([]);
  });

  test('Open rejects a message whose keys do not include the key of the request, without a request to KMS', async () => {
    const { Message } = await callDirectly(seal, { KeyId, Plaintext });
    kms.requests.clear();
    const error = await failDirectly(open, { KeyId: await createKey(), Message });
    expect(error).toBe('IncorrectKeyException: The message has no encrypted data key of this KMS key.');
    expect([...kms.requests]).toEqual([]);
  });

  test('Open rejects an alias of another key', async () => {
    const { Message } = await callDirectly(seal, { KeyId: await createKey(), Plaintext });
    expect(await failDirectly(open, { KeyId, Message })).toContain('IncorrectKeyException');
  });

  test('Open rejects a message that states another key than the one that encrypted its data key', async () => {
    const stated = await createKey();
    const generated = await used.client.send(new GenerateDataKeyCommand({ KeyId, NumberOfBytes: 32 }));
    const Message = await sealWith({
      plaintext: generated.Plaintext as Uint8Array,
      encryptedDataKeys: [
        { providerId: 'aws-kms', providerInfo: stated, ciphertext: generated.CiphertextBlob as Uint8Array },
      ],
    });
    for (const more of [{}, { KeyId: stated }])
      expect(await failDirectly(open, { Message, ...more })).toContain('InvalidMessageError: KMS cannot decrypt');
    expect(await failDirectly(open, { Message, KeyId })).toContain('IncorrectKeyException');
  });

  const changes: readonly (readonly [part: string, change: (message: Buffer, ciphertext: Buffer) => number])[] = [
    ['first byte of its data key', (message, ciphertext) => message.indexOf(ciphertext)],
    ['middle of its data key', (message, ciphertext) => message.indexOf(ciphertext) + ciphertext.length / 2],
    ['last byte of its data key', (message, ciphertext) => message.indexOf(ciphertext) + ciphertext.length - 1],
    ['encryption context', (message) => message.indexOf(EncryptionContext.purpose)],
  ];
  test.for(changes)('Open and Rewrap reject a message with a change in the %s', async ([, locate]) => {
    const sealed = await callDirectly(seal, { KeyId, Plaintext, EncryptionContext });
    const bytes = Buffer.from(sealed.Message, 'base64');
    const [entry] = readHeader(bytes)?.encryptedDataKeys ?? [];
    const index = Math.floor(locate(bytes, Buffer.from(entry?.ciphertext ?? [])));
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    const Message = bytes.toString('base64');
    const expected = 'InvalidMessageError: KMS cannot decrypt the data key of the message.';
    for (const more of [{}, { KeyId: exampleArn }])
      expect(await failDirectly(open, { Message, ...more })).toContain(expected);
    expect(await failDirectly(rewrap, { KeyId: exampleArn, Message, NewKeyIds: [KeyId] })).toContain(expected);
  });

  test('Open reports a disabled key, also if another data key of the message was changed', async () => {
    const [first, second] = [await createKey(), await createKey()];
    const sealed = await callDirectly(seal, { KeyId: first, AdditionalKeyIds: [second], Plaintext });
    const bytes = Buffer.from(sealed.Message, 'base64');
    const [entry] = readHeader(bytes)?.encryptedDataKeys ?? [];
    const index = bytes.indexOf(entry?.ciphertext ?? '') + (entry?.ciphertext.length ?? 0) - 1;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    const Message = bytes.toString('base64');
    // The header is authenticated, so no key opens the message.
    expect(await failDirectly(open, { Message })).toContain('InvalidMessageError');
    await used.client.send(new DisableKeyCommand({ KeyId: second }));
    expect(await failDirectly(open, { Message })).toContain('DisabledException');
  });

  test.for<readonly [title: string, members: Partial<EncryptedDataKey>]>([
    ['an empty ciphertext', { ciphertext: new Uint8Array(0) }],
    ['a ciphertext that is too long', { ciphertext: new Uint8Array(6_145) }],
    ['an alias', { providerInfo: 'arn:aws:kms:us-east-1:000000000000:alias/example' }],
    ['another partition', { providerInfo: exampleArn.replace('arn:aws:', 'arn:aws-cn:') }],
    ['another provider', { providerId: 'AWS-KMS' }],
  ])('Open skips an encrypted data key with %s, without a request to KMS', async ([, members]) => {
    const generated = await used.client.send(new GenerateDataKeyCommand({ KeyId, NumberOfBytes: 32 }));
    const ciphertext = generated.CiphertextBlob as Uint8Array;
    const valid: EncryptedDataKey = { providerId: 'aws-kms', providerInfo: exampleArn, ciphertext };
    const sealWithEntries = (...encryptedDataKeys: EncryptedDataKey[]) =>
      sealWith({ plaintext: Uint8Array.from(generated.Plaintext as Uint8Array), encryptedDataKeys });
    const skipped = { ...valid, ...members };
    expect(await callDirectly(open, { Message: await sealWithEntries(skipped, valid) })).toMatchObject({ Plaintext });
    kms.requests.clear();
    const error = await failDirectly(open, { Message: await sealWithEntries(skipped) });
    expect(error).toContain('IncorrectKeyException: The message has no encrypted data key of a KMS key in an account');
    expect([...kms.requests]).toEqual([]);
  });

  test('Open rejects a message with so many short frames that the function would run out of time', async () => {
    const generated = await used.client.send(new GenerateDataKeyCommand({ KeyId, NumberOfBytes: 32 }));
    const entry = {
      providerId: 'aws-kms',
      providerInfo: exampleArn,
      ciphertext: generated.CiphertextBlob as Uint8Array,
    };
    const sealFrames = (count: number) => {
      const plaintext = Uint8Array.from(generated.Plaintext as Uint8Array);
      return sealWith({ plaintext, encryptedDataKeys: [entry] }, Buffer.alloc(count), 1);
    };
    expect(await callDirectly(open, { Message: await sealFrames(10_000) })).toMatchObject({ KeyId: exampleArn });
    const error = await failDirectly(open, { Message: await sealFrames(10_001) });
    expect(error).toBe('InvalidMessageError: The message has more than 10000 frames.');
  });

  test.for([
    ['too short', Buffer.from('short')],
    ['too long', Buffer.alloc(33, 1)],
    ['only zeros', Buffer.alloc(32)],
  ] as const)('a message whose data key is %s is an error of the caller', async ([, content]) => {
    const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: content }));
    const entry = { providerId: 'aws-kms', providerInfo: exampleArn, ciphertext: CiphertextBlob as Uint8Array };
    const Message = await sealWith({ plaintext: randomBytes(32), encryptedDataKeys: [entry] });
    const error = 'InvalidMessageError: The data key of the message is not valid.';
    expect(await failDirectly(open, { Message })).toBe(error);
    expect(await failDirectly(rewrap, { KeyId, Message, NewKeyIds: [KeyId] })).toBe(error);
  });

  test.for([
    ['name', { '\ud800': 'x' }],
    ['value', { x: 'a\udc00' }],
  ] as const)('Seal rejects an encryption context whose %s is not well-formed Unicode', async ([, context]) => {
    const error = await failDirectly(seal, { KeyId, Plaintext, EncryptionContext: context });
    expect(error).toBe('ValidationException: /EncryptionContext must be well-formed Unicode.');
  });

  test('Open rejects a message with more encrypted data keys than a message may have', async () => {
    const library = createAwsLibrary(exampleArn);
    const message = Buffer.from(await library.seal('x'), 'base64');
    const { encryptedDataKeys = [] } = readHeader(message) ?? {};
    expect(encryptedDataKeys.length).toBe(1);
    // Only the count is read before the limit applies.
    message.writeUInt16BE(11, message.indexOf('\u0000\u0001\u0000\u0007aws-kms', 0, 'latin1'));
    expect(await failDirectly(open, { Message: message.toString('base64') })).toContain('The limit is 10.');
  });
});

describe('a message with several keys', () => {
  test('a message with several keys requires one request per key, and each key opens it', async () => {
    const keys = [await createKey(), await createKey(), await createKey()];
    const [first = '', ...AdditionalKeyIds] = keys;
    kms.requests.clear();
    const sealed = await callDirectly(seal, { KeyId: first, AdditionalKeyIds, Plaintext, EncryptionContext });
    expect(Object.fromEntries(kms.requests)).toEqual({ GenerateDataKey: 1, Encrypt: 2 });
    expect(sealed).toMatchObject({ KeyId: first, AdditionalKeyIds });
    for (const key of keys) {
      kms.requests.clear();
      expect(await callDirectly(open, { KeyId: key, Message: sealed.Message })).toMatchObject({
        KeyId: key,
        Plaintext,
      });
      expect(Object.fromEntries(kms.requests)).toEqual({ Decrypt: 1 });
      expect((await createAwsLibrary(key).open(sealed.Message)).toString()).toBe('hello');
    }
  });

  test('a message is opened with another key if one of its keys is disabled', async () => {
    const [disabled, other] = [await createKey(), await createKey()];
    const sealed = await callDirectly(seal, { KeyId: disabled, AdditionalKeyIds: [other], Plaintext });
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    expect(await callDirectly(open, { Message: sealed.Message })).toMatchObject({ KeyId: other, Plaintext });
    expect(await failDirectly(open, { KeyId: disabled, Message: sealed.Message })).toContain('DisabledException');
  });

  test('sealing fails if one of the keys is disabled', async () => {
    const disabled = await createKey();
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    const error = await failDirectly(seal, { KeyId, AdditionalKeyIds: [disabled], Plaintext });
    expect(error).toContain('DisabledException');
    expect(error).toContain(disabled);
  });

  test('a message is opened in another Region with the replica of its key', async () => {
    const primary = await createKey({ MultiRegion: true });
    const replicate = new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-west-1' });
    const { ReplicaKeyMetadata } = await used.client.send(replicate);
    const { Message } = await callDirectly(seal, { KeyId: primary, Plaintext });
    const config = { ...readFunctionConfig(), regions: ['eu-west-1'] };
    const expected = { KeyId: ReplicaKeyMetadata?.Arn, Plaintext };
    expect(await callDirectly(open, { Message }, config)).toMatchObject(expected);
    const replica = ReplicaKeyMetadata?.KeyId ?? '';
    expect(await callDirectly(open, { KeyId: replica, Message }, config)).toMatchObject(expected);
  });

  test('keys in several Regions can seal one message', async () => {
    const primary = await createKey({ MultiRegion: true });
    const replicate = new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-west-1' });
    const { ReplicaKeyMetadata } = await used.client.send(replicate);
    const replica = ReplicaKeyMetadata?.Arn ?? '';
    const config = { ...readFunctionConfig(), regions: ['us-east-1', 'eu-west-1'] };
    const sealed = await callDirectly(seal, { KeyId: primary, AdditionalKeyIds: [replica], Plaintext }, config);
    expect(sealed).toMatchObject({ KeyId: primary, AdditionalKeyIds: [replica] });
  });

  test('at most ten keys can seal a message', async () => {
    const AdditionalKeyIds = Array.from({ length: 10 }, () => KeyId);
    const error = await failDirectly(seal, { KeyId, AdditionalKeyIds, Plaintext });
    expect(error).toBe('ValidationException: /AdditionalKeyIds must have at most 9 items.');
  });

  test('all errors in a request are reported together, including those in lists of keys', async () => {
    const foreign = 'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001';
    const outcome = await invoke(
      await loadHandler(seal),
      buildHttpEvent(seal, seal.routes[0], {
        KeyId,
        Plaintext: 'not base64',
        AdditionalKeyIds: [KeyId, foreign],
        EncryptionContext: { 'aws-crypto-public-key': 'x' },
        FrameLength: 1,
      }),
    );
    const { errors = [] } = (outcome as unknown as { problem: { errors: { pointer: string }[] } }).problem;
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/AdditionalKeyIds/1',
      '/EncryptionContext',
      '/FrameLength',
      '/Plaintext',
    ]);
  });
});

describe('the sample events', () => {
  test.for([seal, open, rewrap])('the sample events of $name succeed with the default seed', async (operation) => {
    await used.emulator.restoreSeed();
    const { input, output = {} } = operation.example;
    const direct = await callDirectly(operation, input);
    const overHttp = await invoke(await loadHandler(operation), httpEvent(operation));
    expect(overHttp).toMatchObject({ ok: true, status: 200 });
    // Every new message differs.
    const { Message: _, ...expected } = output;
    const { Message: __, ...found } = direct;
    expect(found).toEqual(expected);
  });
});

describe('Rewrap', () => {
  test('Rewrap seals a message again under the new keys only, with the same content and context', async () => {
    const [first, second] = [await createKey(), await createKey()];
    const { Message } = await callDirectly(seal, { KeyId, Plaintext, EncryptionContext });
    const input = { KeyId, Message, NewKeyIds: [first, second] };
    const rewrapped = await callDirectly(rewrap, input);
    expect(rewrapped).toMatchObject({ KeyId: exampleArn, NewKeyIds: [first, second] });
    for (const key of [first, second]) {
      const opened = await callDirectly(open, { KeyId: key, Message: rewrapped.Message });
      expect(opened).toMatchObject({ Plaintext, EncryptionContext });
    }
    expect(await failDirectly(open, { KeyId, Message: rewrapped.Message })).toContain('IncorrectKeyException');
  });

  test('Rewrap names the new key that causes an error', async () => {
    const { Message } = await callDirectly(seal, { KeyId, Plaintext });
    const missing = '5a4d1e00-0000-4000-8000-00000000dead';
    const input = { KeyId, Message, NewKeyIds: [KeyId, missing] };
    expect(await failDirectly(rewrap, input)).toContain('NotFoundException');
  });
});

describe('the record of a message', () => {
  test('a message has one record, with the requests of all its keys and without its content', async () => {
    const canary = Buffer.from('CanaryQ7x2mW9').toString('base64');
    const other = await createKey();
    // The proxy removes the ids of requests.
    const config = { ...readFunctionConfig(), endpoint: used.emulator.endpoint };
    const records = await captureRecords(async () => {
      const sealed = await callDirectly(
        seal,
        {
          KeyId,
          AdditionalKeyIds: [other],
          Plaintext: canary,
          EncryptionContext,
        },
        config,
      );
      await callDirectly(open, { Message: sealed.Message }, config);
    });
    const [sealRecord, openRecord, ...more] = records;
    expect(more).toEqual([]);
    expect(sealRecord).toMatchObject({
      operation: 'Seal',
      keys: [KeyId, other],
      usedKeys: [exampleArn, other],
      contextKeys: ['purpose'],
      attempts: 2,
      outcome: 'OK',
    });
    expect(sealRecord.kmsRequestIds.length).toBe(2);
    expect(openRecord).toMatchObject({
      operation: 'Open',
      keys: [],
      usedKeys: [exampleArn],
      contextKeys: ['purpose'],
      attempts: 1,
    });
    expect(openRecord).not.toHaveProperty('kmsRequestIds');
    expect(openRecord).not.toHaveProperty('cached');
    const output = JSON.stringify(records);
    for (const spelling of ['CanaryQ7x2mW9', canary.slice(0, -4)]) expect(output).not.toContain(spelling);
  });
});

describe('KMS faults', () => {
  test.for([seal, open, rewrap])('$name reports a throttled request as 429', async (operation) => {
    kms.fault = 'throttling';
    const route = operation.routes[0];
    const outcome = await invoke(await loadHandler(operation), buildHttpEvent(operation, route));
    expect(outcome).toMatchObject({ ok: false, problem: { status: 429, code: 'ThrottlingException' } });
  });

  test('Open leaves time for a second key if KMS does not respond for the first', async () => {
    const { Message } = await callDirectly(seal, { KeyId, AdditionalKeyIds: [await createKey()], Plaintext });
    kms.requests.clear();
    kms.fault = 'no response';
    const handler = await loadHandler(open);
    await expect(handler({ Message }, createContext(1_500))).rejects.toThrow('TimeoutError');
    expect(kms.requests.get('Decrypt')).toBeGreaterThanOrEqual(2);
  });
});
