import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { CreateAliasCommand, KMS } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, http, KmsFunctionsClientError, ServiceError, type Transport } from '../../../client/index.ts';
import {
  DataKeyUnavailableError,
  EnvelopeError,
  type KeyClient,
  readHeader,
  type SealerDefaults,
  sealer,
} from '../../../client/sealer/index.ts';
import { sealer as createWebSealer } from '../../../client/sealer/web.ts';
import { buildBearerEvent, claimTenancy, createGatewayContext, loadDeployedHandler } from '../../support/deployed.ts';
import { invoke } from '../../support/outcome.ts';
import { useSealing } from '../../support/sealing.ts';

const used = useSealing({ regions: 'eu-west-1' });
const plaintext = randomBytes(100_000);
const canary = new TextEncoder().encode('canary-3f1c');
let keyArn: string;
let otherArn: string;

beforeAll(async () => {
  [keyArn, otherArn] = [await used.createKey(), await used.createKey()];
  await used.kms.send(new CreateAliasCommand({ AliasName: 'alias/sealer', TargetKeyId: keyArn }));
});

const createSealer = (defaults: SealerDefaults = { keyId: keyArn }) => sealer({ client: used.client, ...defaults });

/** Returns the error that a promise rejects with. */
async function catchError(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  return promise.then(
    () => {
      throw new Error('The promise was fulfilled.');
    },
    (error: Error) => error,
  );
}

/** Records the plaintext data keys that a client returns. */
function recordDataKeys(client: KeyClient): { client: KeyClient; dataKeys: Uint8Array[] } {
  const dataKeys: Uint8Array[] = [];
  const record =
    <Input, Output extends { Plaintext: Uint8Array }>(call: (input: Input, options?: object) => Promise<Output>) =>
    async (input: Input, options?: object): Promise<Output> => {
      const output = await call(input, options);
      dataKeys.push(output.Plaintext);
      return output;
    };
  const generateDataKey = record(client.generateDataKey as never) as KeyClient['generateDataKey'];
  const decrypt = record(client.decrypt as never) as KeyClient['decrypt'];
  return { client: { generateDataKey, decrypt, encrypt: client.encrypt }, dataKeys };
}

describe('sealing and opening bytes', () => {
  test('opens what it sealed, and reports context, key and suite', async () => {
    const encryptionContext = { document: '42', Größe: 'ü' };
    const { message, ...sealed } = await createSealer({ keyId: 'alias/sealer' }).seal(plaintext, { encryptionContext });
    expect(sealed).toEqual({
      encryptionContext,
      keyArns: [keyArn],
      suite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
      isCached: false,
    });
    const { plaintext: opened, ...info } = await createSealer({}).open(message);
    expect(Buffer.compare(opened, plaintext)).toBe(0);
    const { suite, isCached } = sealed;
    expect(info).toEqual({ encryptionContext, keyArn, suite, isCached });
    expect(used.takeCalls()).toHaveLength(2);
  });

  test('opens an empty message', async () => {
    const { message } = await createSealer().seal(new Uint8Array(0));
    expect((await createSealer().open(message)).plaintext).toHaveLength(0);
  });

  test('creates its own client from a transport', async () => {
    const own = sealer({ transport: http({ endpoint: used.gateway.endpoint }), keyId: keyArn });
    const { message } = await own.seal(plaintext);
    expect(Buffer.compare((await own.open(message)).plaintext, plaintext)).toBe(0);
  });

  test('signs messages with suite 0x0578, and uses the given frame length', async () => {
    const signing = createSealer({ keyId: keyArn, suite: 0x0578, frameLength: 1_000 });
    const { message, suite, encryptionContext } = await signing.seal(plaintext, { encryptionContext: { team: 'a' } });
    expect(suite).toBe('ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384');
    expect(encryptionContext).toEqual({ team: 'a' });
    expect(readHeader(message)).toMatchObject({ frameLength: 1_000, suite: { id: 0x0578 } });
    expect((await signing.open(message)).encryptionContext).toEqual({ team: 'a' });
  });

  test('never sends the bytes to the service', async () => {
    used.takeCalls();
    const { message } = await createSealer().seal(canary);
    const bodies = used.gateway.requests.map(({ body }) => body).join();
    expect(bodies).not.toContain(Buffer.from(canary).toString('base64').slice(0, 12));
    expect(Buffer.from(message).includes('canary')).toBe(false);
  });

  test('overwrites each data key with zeros after use', async () => {
    const { client, dataKeys } = recordDataKeys(used.client);
    const recorded = sealer({ client, keyId: keyArn });
    const { message } = await recorded.seal(plaintext);
    await recorded.open(message);
    expect(dataKeys).toEqual([new Uint8Array(32), new Uint8Array(32)]);
  });

  test('overwrites the data key with zeros if it cannot be encrypted under another key', async () => {
    const { client, dataKeys } = recordDataKeys(used.client);
    const recorded = sealer({ client, keyId: keyArn, additionalKeyIds: ['alias/missing'] });
    expect((await catchError(recorded.seal(plaintext))).code).toBe('NotFoundException');
    expect(dataKeys).toEqual([new Uint8Array(32)]);
  });
});

describe('the encryption context', () => {
  test('contains the pairs of the sealer and of the call, which replace equal names', async () => {
    const own = createSealer({ keyId: keyArn, encryptionContext: { app: 'a', step: '1' } });
    const { message, encryptionContext } = await own.seal(plaintext, { encryptionContext: { step: '2' } });
    expect(encryptionContext).toEqual({ app: 'a', step: '2' });
    expect((await catchError(own.open(message))).code).toBe('EncryptionContextMismatch');
    expect((await own.open(message, { encryptionContext: { step: '2' } })).encryptionContext).toEqual(
      encryptionContext,
    );
  });

  test('is rejected before any call if the message does not contain an expected pair', async () => {
    const { message } = await createSealer().seal(plaintext, { encryptionContext: { tenant: 'a' } });
    used.takeCalls();
    const error = await catchError(createSealer().open(message, { encryptionContext: { tenant: 'b' } }));
    expect(error).toBeInstanceOf(EnvelopeError);
    expect(error.code).toBe('EncryptionContextMismatch');
    expect(used.takeCalls()).toEqual([]);
  });

  test('cannot be changed in the message, because KMS then does not decrypt the data key', async () => {
    const { message } = await createSealer().seal(plaintext, { encryptionContext: { tenant: 'acme' } });
    message.set(new TextEncoder().encode('evil'), Buffer.from(message).indexOf('acme'));
    const error = await catchError(createSealer().open(message));
    expect(error).toBeInstanceOf(KmsFunctionsClientError);
    expect(error.code).toBe('InvalidCiphertextException');
  });

  test('is sent to KMS with each data key', async () => {
    used.takeCalls();
    const encryptionContext = { tenant: 'acme' };
    await createSealer({ keyId: keyArn, additionalKeyIds: [otherArn], encryptionContext }).seal(plaintext);
    const contexts = used.gateway.requests.map(({ body }) => JSON.parse(body).EncryptionContext);
    expect(contexts).toEqual([encryptionContext, encryptionContext]);
  });

  test('does not accept the names of the message format', async () => {
    const encryptionContext = { 'aws-crypto-public-key': 'x' };
    expect((await catchError(createSealer().seal(plaintext, { encryptionContext }))).code).toBe('InvalidOption');
  });
});

describe('several keys', () => {
  test('each key opens the message', async () => {
    const keys = [await used.createKey(), await used.createKey()] as const;
    const own = createSealer({ keyId: keys[0], additionalKeyIds: [keys[1], keys[0]] });
    const { message, keyArns } = await own.seal(plaintext);
    expect(keyArns).toEqual(keys);
    expect((await own.open(message)).keyArn).toBe(keys[0]);
    await used.disableKey(keys[0]);
    used.takeCalls();
    const opened = await own.open(message);
    expect(opened.keyArn).toBe(keys[1]);
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
    expect(used.takeCalls()).toHaveLength(2);
  });

  test('if no key can be used, the error lists the reason for each', async () => {
    const keys = [await used.createKey(), await used.createKey()] as const;
    const own = createSealer({ keyId: keys[0], additionalKeyIds: [keys[1]] });
    const { message } = await own.seal(plaintext);
    for (const key of keys) await used.disableKey(key);
    const error = await catchError(own.open(message));
    expect(error).toBeInstanceOf(DataKeyUnavailableError);
    expect(error).toMatchObject({
      code: 'DataKeyUnavailable',
      failures: keys.map((key) => ({ keyArn: key, error: { code: 'DisabledException' } })),
    });
    expect(error.message).toContain(`${keys[0]} (DisabledException: `);
    expect(error.message).toContain(`; ${keys[1]} (DisabledException: `);
  });

  test("if a message has one key, the error is the service's error", async () => {
    const key = await used.createKey();
    const { message } = await createSealer({ keyId: key }).seal(plaintext);
    await used.disableKey(key);
    const error = await catchError(createSealer().open(message));
    expect(error).toBeInstanceOf(KmsFunctionsClientError);
    expect(error.code).toBe('DisabledException');
  });

  test('no other key is tried if the service cannot be reached', async () => {
    const { message } = await createSealer({ keyId: keyArn, additionalKeyIds: [otherArn] }).seal(plaintext);
    let attempts = 0;
    const decrypt = () => {
      attempts += 1;
      return createClient({
        transport: http({ endpoint: 'http://127.0.0.1:1' }),
        retry: { attempts: 1 },
      }).decrypt({ CiphertextBlob: new Uint8Array(1) });
    };
    const error = await catchError(sealer({ client: { ...used.client, decrypt } }).open(message));
    expect(error.code).toBe('NetworkError');
    expect(attempts).toBe(1);
  });

  test('a message without KMS keys is rejected without a call', async () => {
    const { message } = await createSealer().seal(plaintext);
    message.set(new TextEncoder().encode('aws-xyz'), Buffer.from(message).indexOf('aws-kms'));
    used.takeCalls();
    expect(await catchError(createSealer().open(message))).toMatchObject({ code: 'DataKeyUnavailable', failures: [] });
    expect(used.takeCalls()).toEqual([]);
  });

  test('a key ARN in the message that is not valid is not sent to the service', async () => {
    const { message } = await createSealer().seal(plaintext);
    message.set(new TextEncoder().encode('arn:aws:s3s'), Buffer.from(message).indexOf('arn:aws:kms'));
    used.takeCalls();
    expect((await catchError(createSealer().open(message))).code).toBe('InvalidDataKey');
    expect(used.takeCalls()).toEqual([]);
  });
});

describe('the key identifier of Decrypt', () => {
  const path = (keyId: string) => `POST /keys/${keyId.replaceAll('/', '.')}/decrypt`;

  test('is the key ARN in the message by default', async () => {
    const { message } = await createSealer().seal(plaintext);
    used.takeCalls();
    await createSealer({}).open(message);
    expect(used.takeCalls()).toEqual([path(keyArn)]);
  });

  test("is the sealer's alias with `sealer`, which rejects messages under other keys", async () => {
    const { message } = await createSealer().seal(plaintext);
    const { message: foreign } = await createSealer({ keyId: otherArn }).seal(plaintext);
    const own = createSealer({ keyId: 'alias/sealer', decryptKeyId: 'sealer' });
    used.takeCalls();
    await own.open(message);
    expect(used.takeCalls()).toEqual([path('alias/sealer')]);
    expect((await catchError(own.open(foreign))).code).toBe('IncorrectKeyException');
    const keyless = createSealer({ decryptKeyId: 'sealer' });
    expect((await catchError(keyless.open(message))).code).toBe('InvalidOption');
  });

  test('is absent with `none`, so KMS finds the key', async () => {
    const { message } = await createSealer().seal(plaintext);
    used.takeCalls();
    expect((await createSealer({ decryptKeyId: 'none' }).open(message)).keyArn).toBe(keyArn);
    expect(used.takeCalls()).toEqual(['POST /decrypt']);
  });

  test('with `none`, a message that states another key than KMS used is rejected', async () => {
    const { message } = await createSealer().seal(plaintext);
    message.set(new TextEncoder().encode(otherArn), Buffer.from(message).indexOf(keyArn));
    expect((await catchError(createSealer({ decryptKeyId: 'none' }).open(message))).code).toBe('InvalidDataKey');
  });
});

describe('options', () => {
  const cache = { maxAgeSeconds: 60, maxMessages: 1, maxBytes: 1 };

  test.for([
    ['neither `client` nor `transport`', { client: undefined }, 'A sealer needs either `client` or `transport`.'],
    ['`additionalKeyIds` without `keyId`', { additionalKeyIds: ['a'] }, '`additionalKeyIds` needs `keyId`.'],
    [
      'more keys than a message can have',
      { keyId: 'a', additionalKeyIds: Array.from({ length: 10 }, (_, index) => `k${index}`) },
      'A message can have at most 10 keys.',
    ],
    ['an unknown `decryptKeyId`', { decryptKeyId: 'any' }, '`decryptKeyId` must be one of message, sealer, none.'],
    ['a cache limit of 0', { cache: { maxAgeSeconds: 0, maxMessages: 1, maxBytes: 1 } }, '`maxAgeSeconds`'],
    ['a cache without limits', { cache: {} }, 'The cache needs `maxAgeSeconds`, a positive number.'],
    ['a cache with one limit', { cache: { maxAgeSeconds: 300 } }, 'The cache needs `maxMessages`, a positive integer.'],
    ['a number instead of a cache', { cache: 60 }, '`cache` must be an object with `maxAgeSeconds`, '],
    ['a misspelled option', { framelength: 1 }, '`sealer` has no option `framelength`. Did you mean `frameLength`?'],
    ['an unknown option', { region: 'x' }, '`sealer` has no option `region`. It has client, transport, keyId, '],
    ['a misspelled option of the cache', { cache: { ...cache, maxEntires: 1 } }, 'Did you mean `maxEntries`?'],
    ['an unknown option of the cache', { cache: { ...cache, ttl: 1 } }, '`cache` has no option `ttl`. It has maxAge'],
    ['a callback of another type', { cache: { ...cache, onUse: true } }, '`onUse` must be a function.'],
    ['a URL instead of a transport', { client: undefined, transport: 'http://x' }, '`transport` must be a transport, '],
    ['another client', { client: { generateDataKey() {} } }, '`client` must be a client, such as `createClient('],
    ['a key of another type', { keyId: 7 }, '`keyId` must be a key id, key ARN, alias name or alias ARN.'],
    ['an empty key', { keyId: '' }, '`keyId` must be a key id, key ARN, alias name or alias ARN.'],
    ['a text instead of a list of keys', { keyId: 'a', additionalKeyIds: 'b' }, '`additionalKeyIds` must be an array'],
    ['a list with an absent key', { keyId: 'a', additionalKeyIds: [undefined] }, '`additionalKeyIds` must be an array'],
    ['a number in the context', { encryptionContext: { id: 7 } }, '`encryptionContext` must be an object whose values'],
    ['a Map as context', { encryptionContext: new Map([['a', 'b']]) }, '`encryptionContext` must be an object whose'],
    ['a policy of another library', { commitmentPolicy: 'FORBID' }, '`commitmentPolicy` must be one of REQUIRE_'],
    ['the id of a suite as text', { suite: '0x0578' }, 'The algorithm suite does not exist. Use the number 0x0478 or'],
    ['a suite without commitment', { suite: 0x0178 }, 'Messages cannot be sealed with 0x0178'],
    ['a frame length of 0', { frameLength: 0 }, '`frameLength` must be an integer between 1 and'],
    ['a limit of another type', { maxFrames: '20' }, '`maxFrames` must be a positive number.'],
  ] as const)('a sealer with %s is rejected', ([, options, message]) => {
    for (const create of [sealer, createWebSealer])
      expect(() => create({ client: used.client, ...options } as never)).toThrow(
        expect.objectContaining({ code: 'InvalidOption', message: expect.stringContaining(message) }),
      );
  });

  test('a sealer without options is rejected', () => {
    for (const create of [sealer, createWebSealer] as ((options?: unknown) => unknown)[])
      expect(() => create()).toThrow('The options of `sealer` must be an object.');
  });

  test.for([
    ['`seal` of a text', ['seal', 'hello'], 'The plaintext must be a Uint8Array. To seal text, use `new TextEncoder('],
    ['`seal` of an ArrayBuffer', ['seal', new ArrayBuffer(2)], 'The plaintext must be a Uint8Array. Use `new Uint8Ar'],
    ['`seal` of 16-bit numbers', ['seal', new Uint16Array(2)], 'The plaintext must be a Uint8Array.'],
    ['`seal` without bytes', ['seal'], 'The plaintext must be a Uint8Array.'],
    ['`open` of the result of `seal`', ['open', { message: canary }], 'Use the member `message` of the object.'],
    ['`open` of a promise', ['open', Promise.resolve(canary)], 'The message must be a Uint8Array. Use `await`.'],
    ['`open` of base64', ['open', 'AgR4'], 'The message must be a Uint8Array. Decode text in base64.'],
    ['a misspelled context', ['open', canary, { encryptioncontext: {} }], 'Did you mean `encryptionContext`?'],
    ['an unknown option', ['seal', canary, { context: {} }], '`seal` has no option `context`. It has encryptionConte'],
    ['options of another type', ['seal', canary, null], 'The options of `seal` must be an object.'],
    ['a context of another type', ['open', canary, { encryptionContext: { a: 1 } }], '`encryptionContext` must be an'],
    ['a signal of another type', ['open', canary, { signal: new AbortController() }], '`signal` must be an AbortSig'],
    ['an option for files', ['seal', canary, { overwrite: true }], '`seal` has no option `overwrite`.'],
  ] as const)('%s is rejected before any call', async ([, [method, ...given], message]) => {
    used.takeCalls();
    for (const create of [sealer, createWebSealer]) {
      const calls: Record<string, (...values: unknown[]) => Promise<unknown>> = {
        ...(create({ client: used.client, keyId: keyArn }) as object),
      };
      const error = await catchError(calls[method]?.(...given) as Promise<unknown>);
      expect(error).toMatchObject({ code: 'InvalidOption', message: expect.stringContaining(message) });
    }
    expect(used.takeCalls()).toEqual([]);
  });

  test.for([
    ['sealStream', [{ plaintextlength: 1 }], '`sealStream` has no option `plaintextlength`. Did you mean `plaintextLe'],
    ['sealStream', [{ plaintextLength: '1' }], '`plaintextLength` must be a number of bytes.'],
    ['sealWebStream', [{ releaseBeforeSignature: true }], '`sealWebStream` has no option `releaseBeforeSignature`.'],
    ['openStream', [{ releaseBeforeSignature: 'no' }], '`releaseBeforeSignature` must be `true` or `false`.'],
    ['openWebStream', [{ onheader: 1 }], '`openWebStream` has no option `onheader`. Did you mean `onHeader`?'],
    ['openWebStream', [{ onHeader: 1 }], '`onHeader` must be a function.'],
    ['sealFile', [canary, 'x'], 'The source must be a path, a `file:` URL or a Node.js stream.'],
    ['openFile', ['x'], 'The target must be a path or a `file:` URL.'],
    ['sealFile', ['x', 'y', { overWrite: false }], '`sealFile` has no option `overWrite`. Did you mean `overwrite`?'],
    ['openFile', ['x', 'y', { overwrite: 'false' }], '`overwrite` must be `true` or `false`.'],
    ['openFile', ['x', 'y', { onProgress: {} }], '`onProgress` must be a function.'],
  ] as const)('%s(%j) is rejected', async ([method, given, message]) => {
    const create = createSealer()[method] as (...values: readonly unknown[]) => unknown;
    const error = await catchError(Promise.resolve().then(() => create(...given) as Promise<unknown>));
    expect(error).toMatchObject({ code: 'InvalidOption', message: expect.stringContaining(message) });
  });

  test('a sealer without `keyId` opens messages, but does not seal', async () => {
    expect(await catchError(createSealer({}).seal(plaintext))).toMatchObject({
      code: 'InvalidOption',
      message: 'To seal messages, create the sealer with `keyId`.',
    });
  });

  test('limits apply to messages that are opened', async () => {
    const { message } = await createSealer({ keyId: keyArn, additionalKeyIds: [otherArn] }).seal(plaintext);
    expect((await catchError(createSealer({ maxEncryptedDataKeys: 1 }).open(message))).code).toBe('LimitExceeded');
  });
});

describe('an abort signal', () => {
  test('rejects with its reason before the first call', async () => {
    used.takeCalls();
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(createSealer().seal(plaintext, { signal })).rejects.toThrow('stopped');
    await expect(createSealer().open(plaintext, { signal })).rejects.toThrow('stopped');
    expect(used.takeCalls()).toEqual([]);
  });

  test('rejects with its reason during a call', async () => {
    const controller = new AbortController();
    used.gateway.reject = () => {
      controller.abort(new Error('stopped'));
      return undefined;
    };
    const sealing = createSealer().seal(plaintext, { signal: controller.signal });
    await expect(sealing).rejects.toThrow('stopped');
    used.gateway.reject = () => undefined;
  });

  test('does not abort other calls that wait for the same cached data key', async () => {
    const cached = createSealer({ keyId: keyArn, cache: { maxAgeSeconds: 60, maxMessages: 10, maxBytes: 1e6 } });
    const controller = new AbortController();
    used.gateway.reject = () => {
      controller.abort(new Error('stopped'));
      return undefined;
    };
    const [aborted, other] = await Promise.allSettled([
      cached.seal(plaintext, { signal: controller.signal }),
      cached.seal(plaintext),
    ]);
    used.gateway.reject = () => undefined;
    expect([aborted.status, other.status]).toEqual(['rejected', 'fulfilled']);
  });
});

describe('the cache', () => {
  const cache = { maxAgeSeconds: 300, maxMessages: 1_000, maxBytes: 10_000_000 };

  test('1,000 messages need one call to seal, and one to open', async () => {
    const cached = createSealer({ keyId: keyArn, cache });
    used.takeCalls();
    const sealed = [];
    for (let index = 0; index < 1_000; index += 1) sealed.push(await cached.seal(canary));
    expect(used.takeCalls()).toHaveLength(1);
    expect(sealed.map(({ isCached }) => isCached).filter((isCached) => !isCached)).toHaveLength(1);
    for (const { message } of sealed) await cached.open(message);
    expect(used.takeCalls()).toHaveLength(1);
    expect((await cached.open(sealed[0]?.message as Uint8Array)).isCached).toBe(true);
  });

  test('signed messages share a data key too', async () => {
    const cached = createSealer({ keyId: keyArn, cache, suite: 0x0578 });
    used.takeCalls();
    const messages = [await cached.seal(canary), await cached.seal(canary)];
    expect(messages.map(({ isCached, encryptionContext }) => [isCached, encryptionContext])).toEqual([
      [false, {}],
      [true, {}],
    ]);
    expect(used.takeCalls()).toHaveLength(1);
  });

  test('messages with another context need another data key', async () => {
    const cached = createSealer({ keyId: keyArn, cache });
    used.takeCalls();
    for (const document of ['1', '2', '1']) await cached.seal(canary, { encryptionContext: { document } });
    expect(used.takeCalls()).toHaveLength(2);
  });

  test('`clearCache` makes the next message need a call', async () => {
    const cached = createSealer({ keyId: keyArn, cache });
    await cached.seal(canary);
    used.takeCalls();
    cached.clearCache();
    expect((await cached.seal(canary)).isCached).toBe(false);
    expect(used.takeCalls()).toHaveLength(1);
  });
});

describe("AWS's library", () => {
  const clientProvider = (region: string) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    // The library's type for KMS clients does not allow `undefined` in optional members.
    return new KMS({ endpoint: used.endpoint, region, credentials }) as never;
  };
  const aws = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

  test.for([0x0478, 0x0578])('opens a message that was sealed with suite %i and two keys', async (suite) => {
    const own = createSealer({ keyId: keyArn, additionalKeyIds: [otherArn], suite });
    const { message } = await own.seal(plaintext, { encryptionContext: { document: '42' } });
    const opened = await aws.decrypt(new KmsKeyringNode({ keyIds: [otherArn], clientProvider }), Buffer.from(message));
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
    expect(opened.messageHeader.encryptionContext).toMatchObject({ document: '42' });
  });

  test('seals a message in another Region, which the sealer opens with the replica in its own Region', async () => {
    const primary = await used.createKey({ MultiRegion: true });
    const replica = await used.replicateKey(primary, 'eu-west-1');
    const { result } = await aws.encrypt(new KmsKeyringNode({ generatorKeyId: replica, clientProvider }), plaintext);
    used.takeCalls();
    const opened = await createSealer({}).open(result);
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
    expect(opened.keyArn).toBe(replica);
    expect(used.takeCalls()).toEqual([`POST /keys/${primary.split('/')[1]}/decrypt`]);
  });

  test('seals a message with a multi-Region key that the own Region does not have, which the sealer opens by its ARN', async () => {
    const primary = await used.createKey({ MultiRegion: true }, 'eu-west-1');
    const { result } = await aws.encrypt(new KmsKeyringNode({ generatorKeyId: primary, clientProvider }), plaintext);
    used.takeCalls();
    expect((await createSealer({}).open(result)).keyArn).toBe(primary);
    const paths = [primary.split('/')[1] ?? '', primary].map((keyId) => keyId.replaceAll('/', '.'));
    expect(used.takeCalls()).toEqual(paths.map((path) => `POST /keys/${path}/decrypt`));
  });

  test('seals a message in a Region that the service may not use, and the error is about the Region, not about a missing replica', async () => {
    const primary = await used.createKey({ MultiRegion: true }, 'ap-south-1');
    const { result } = await aws.encrypt(new KmsKeyringNode({ generatorKeyId: primary, clientProvider }), plaintext);
    const error = await catchError(createSealer({}).open(result));
    expect(error).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/Region/) });
  });

  test('seals a message that the sealer opens', async () => {
    const encryptionContext = { document: '42' };
    const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider });
    const { result } = await aws.encrypt(keyring, plaintext, { encryptionContext });
    const opened = await createSealer({}).open(result, { encryptionContext });
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
    expect(opened).toMatchObject({ keyArn, encryptionContext });
  });
});

test('the operations Seal and Open read the same messages', async () => {
  const encryptionContext = { document: '42' };
  const { message } = await createSealer().seal(plaintext, { encryptionContext });
  const opened = await used.client.open({ Message: message, EncryptionContext: encryptionContext });
  expect(Buffer.compare(opened.Plaintext, plaintext)).toBe(0);
  const additionalKeyIds = await Promise.all(Array.from({ length: 9 }, () => used.createKey()));
  const most = await createSealer({ keyId: keyArn, additionalKeyIds }).seal(plaintext);
  expect(most.keyArns).toEqual([keyArn, ...additionalKeyIds]);
  expect((await used.client.open({ Message: most.message })).KeyId).toBe(keyArn);
  const { Message } = await used.client.seal({
    ...{ KeyId: keyArn, AdditionalKeyIds: [otherArn], Plaintext: plaintext, EncryptionContext: encryptionContext },
  });
  expect(Buffer.compare((await createSealer({}).open(Message, { encryptionContext })).plaintext, plaintext)).toBe(0);
});

describe('a service that binds tenants', () => {
  /** Calls the functions with the token of a tenant. */
  const createTenantTransport = (tenant: string): Transport => ({
    async send(operation, input) {
      const handler = await loadDeployedHandler(operation, { auth: 'jwt', tenancy: claimTenancy });
      const event = buildBearerEvent(operation, { tenant_id: tenant }, input);
      const outcome = await invoke(handler, event, createGatewayContext());
      if (outcome.ok) return { body: outcome.body };
      throw new ServiceError(outcome.code, 'rejected', { status: 403 });
    },
  });
  const createTenantSealer = (tenant: string) => sealer({ transport: createTenantTransport(tenant), keyId: keyArn });

  test("does not open another tenant's message", async () => {
    const { message } = await createTenantSealer('a').seal(plaintext);
    expect(Buffer.compare((await createTenantSealer('a').open(message)).plaintext, plaintext)).toBe(0);
    expect(await catchError(createTenantSealer('b').open(message))).toBeInstanceOf(ServiceError);
  });

  test.for([
    ['cannot open a message without the pair of the tenant', {}, 'InvalidCiphertextException'],
    ['opens a message with the pair of the tenant', { tenant: 'a' }, undefined],
  ] as const)('a library that calls KMS %s', async ([, encryptionContext, code]) => {
    const { message } = await createTenantSealer('a').seal(plaintext, { encryptionContext });
    const opening = createSealer().open(message);
    if (code === undefined) expect(Buffer.compare((await opening).plaintext, plaintext)).toBe(0);
    else expect((await catchError(opening)).code).toBe(code);
  });
});

test('errors never contain plaintext, data keys or values of the context', async () => {
  const { client, dataKeys } = recordDataKeys(used.client);
  const texts: string[] = [];
  const wrap = <Input, Output>(call: (input: Input, options?: object) => Promise<Output>) =>
    (async (input: Input, options?: object) => {
      const output = await call(input, options);
      const key = dataKeys.at(-1);
      if (key !== undefined) texts.push(Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex'));
      return output;
    }) as never;
  const watched = { ...client, generateDataKey: wrap(client.generateDataKey), decrypt: wrap(client.decrypt) };
  const encryptionContext = { document: 'canary-context' };
  const own = sealer({ client: watched, keyId: keyArn, encryptionContext });
  const { message } = await own.seal(canary);
  const changed = message.slice();
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const errors = await Promise.all([
    catchError(own.open(changed)),
    catchError(own.open(message.subarray(0, -1))),
    catchError(own.open(message, { encryptionContext: { document: 'canary-other' } })),
    catchError(own.open(canary)),
    catchError(sealer({ client: watched, keyId: keyArn, additionalKeyIds: ['alias/missing'] }).seal(canary)),
    catchError(own.seal('canary' as never)),
    catchError(own.open(message, { encryptionContext: { document: 7, other: 'canary' } as never })),
  ]);
  const shown = errors.map((error) => inspect(error, { depth: 10, showHidden: true })).join('\n');
  expect(texts.length).toBeGreaterThan(4);
  for (const secret of ['canary', ...texts]) expect(shown).not.toContain(secret);
});
