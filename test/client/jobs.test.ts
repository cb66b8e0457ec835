import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomBytes,
  verify as verifyWithNode,
} from 'node:crypto';
import { CreateAliasCommand, CreateKeyCommand, type KeySpec, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { calculateJwkThumbprint, compactVerify, createLocalJWKSet, importJWK, type JWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  http,
  importMaterial,
  inProcess,
  isValidMac,
  isValidSignature,
  type JwtAlgorithm,
  jwks,
  lambda,
  signJwt,
  type Transport,
} from '../../client/index.ts';
import { asInvokable, createInvoker, loadAllHandlers } from '../support/client-transports.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';

const used = useEmulator({});
let stage: LocalStage;
let client: Client;
let transports: Record<'http' | 'lambda' | 'inProcess', Transport>;
/** The operations that the client called. */
const called: string[] = [];

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage();
  const handlers = await loadAllHandlers();
  transports = {
    http: http({ endpoint: stage.url }),
    lambda: lambda({ client: createInvoker(handlers), functionName: (name) => `test-${name}` }),
    inProcess: inProcess({ handlers: asInvokable(handlers) }),
  };
  client = createClient({ transport: record(transports.http) });
});
afterAll(() => stage.close());

function record(transport: Transport): Transport {
  return {
    send: (operation, input, limits) => {
      called.push(operation.name);
      return transport.send(operation, input, limits);
    },
  };
}

async function createKey(KeySpec: KeySpec, more: { KeyUsage?: 'SIGN_VERIFY' | 'KEY_AGREEMENT' } = {}): Promise<string> {
  const KeyUsage = more.KeyUsage ?? (KeySpec.startsWith('HMAC') ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY');
  return (await used.client.send(new CreateKeyCommand({ KeySpec, KeyUsage }))).KeyMetadata?.KeyId ?? '';
}

const encode = (text: string) => new TextEncoder().encode(text);
const readHeader = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

const joseRows: readonly [JwtAlgorithm, KeySpec][] = [
  ['RS256', 'RSA_2048'],
  ['RS384', 'RSA_2048'],
  ['RS512', 'RSA_2048'],
  ['PS256', 'RSA_2048'],
  ['PS384', 'RSA_3072'],
  ['PS512', 'RSA_2048'],
  ['ES256', 'ECC_NIST_P256'],
  ['ES384', 'ECC_NIST_P384'],
  ['ES512', 'ECC_NIST_P521'],
  ['EdDSA', 'ECC_NIST_EDWARDS25519'],
  ['Ed25519', 'ECC_NIST_EDWARDS25519'],
];

describe('signJwt and jwks', () => {
  test.for(joseRows)(
    'jose verifies tokens of up to and above 4,096 bytes: %s with %s',
    async ([algorithm, KeySpec]) => {
      const keyId = await createKey(KeySpec);
      const set = await jwks(client, [{ keyId, algorithm }]);
      const find = createLocalJWKSet(set);
      const isHashed = KeySpec !== 'ECC_NIST_EDWARDS25519';
      // Different signatures have numbers of different lengths in DER.
      for (const text of ['a', 'b', 'c', ...(isHashed ? ['d'.repeat(5_000)] : [])]) {
        const token = await signJwt(client, {
          keyId,
          algorithm,
          claims: { sub: 'user-42', text },
          lifetimeSeconds: 60,
        });
        const { payload, protectedHeader } = await jwtVerify(token, find, {
          algorithms: [algorithm],
          subject: 'user-42',
        });
        expect(payload).toEqual({ sub: 'user-42', text, iat: payload.iat, exp: (payload.iat ?? 0) + 60 });
        expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT', kid: set.keys[0]?.kid });
      }
      expect(set.keys).toEqual([expect.objectContaining({ alg: algorithm, use: 'sig' })]);
      expect(set.keys[0]?.kid).toBe(await calculateJwkThumbprint(set.keys[0] as JWK));
      expect(Object.keys(set.keys[0] ?? {}).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))).toEqual(
        [],
      );
    },
  );

  test('Node.js verifies a token under a secp256k1 key, which jose does not support', async () => {
    const keyId = await createKey('ECC_SECG_P256K1');
    const token = await signJwt(client, { keyId, claims: { sub: 'user-42' } });
    const [key] = (await jwks(client, [keyId])).keys;
    expect(readHeader(token)).toEqual({ alg: 'ES256K', typ: 'JWT', kid: key?.kid });
    const publicKey = createPublicKey({ key: key as unknown as JsonWebKey, format: 'jwk' });
    const [signed, signature] = [token.slice(0, token.lastIndexOf('.')), token.slice(token.lastIndexOf('.') + 1)];
    const options = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verifyWithNode('sha256', Buffer.from(signed), options, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test.for([
    ['RSA_2048', 'RS256'],
    ['ECC_NIST_P256', 'ES256'],
    ['ECC_NIST_P384', 'ES384'],
    ['ECC_NIST_P521', 'ES512'],
    ['ECC_NIST_EDWARDS25519', 'EdDSA'],
  ] as const)('the default algorithm of a key with the spec %s is %s, for tokens and sets', async ([KeySpec, alg]) => {
    const keyId = await createKey(KeySpec);
    expect(readHeader(await signJwt(client, { keyId, claims: {} })).alg).toBe(alg);
    expect((await jwks(client, [keyId])).keys[0]?.alg).toBe(alg);
  });

  test('the public key is read once, and not at all with an algorithm and a kid', async () => {
    const keyId = await createKey('ECC_NIST_P256');
    called.length = 0;
    const tokens = [1, 2, 3].map((n) => signJwt(client, { keyId, claims: { n } }));
    await Promise.all(tokens);
    expect(called.sort()).toEqual(['GetPublicKey', 'Sign', 'Sign', 'Sign']);
    const other = createClient({ transport: record(transports.http) });
    called.length = 0;
    expect(readHeader(await signJwt(other, { keyId, claims: {}, algorithm: 'ES256', kid: 'mine' }))).toEqual({
      alg: 'ES256',
      typ: 'JWT',
      kid: 'mine',
    });
    expect(called).toEqual(['Sign']);
  });

  test('after an alias has got another key, the header of the next token names that key', async () => {
    const [first, second] = [await createKey('ECC_NIST_P256'), await createKey('RSA_2048')];
    const AliasName = 'alias/tokens';
    await used.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: first }));
    await signJwt(client, { keyId: AliasName, claims: {} });
    const third = await createKey('ECC_NIST_P256');
    await used.client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: third }));
    const token = await signJwt(client, { keyId: AliasName, claims: { n: 1 } });
    const set = await jwks(client, [AliasName, second]);
    expect(set.keys).toHaveLength(2);
    await expect(compactVerify(token, await importJWK(set.keys[0] as JWK))).resolves.toBeDefined();
    expect(readHeader(token).kid).toBe(set.keys[0]?.kid);
  });

  test('tokens stay valid while the aliases of the current and the next key have the same key', async () => {
    const [KeyId, other] = [await createKey('ECC_NIST_P256'), await createKey('RSA_2048')];
    for (const AliasName of ['alias/current', 'alias/next'])
      await used.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    const set = await jwks(client, [
      'alias/current',
      'alias/next',
      { keyId: other },
      { keyId: other, algorithm: 'PS256' },
    ]);
    expect(set.keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256', 'PS256']);
    const token = await signJwt(client, { keyId: 'alias/current', claims: { sub: 'x' } });
    await expect(jwtVerify(token, createLocalJWKSet(set as never))).resolves.toMatchObject({ payload: { sub: 'x' } });
    const padded = await signJwt(client, { keyId: other, claims: { sub: 'x' }, algorithm: 'PS256' });
    await expect(jwtVerify(padded, createLocalJWKSet(set as never))).resolves.toBeDefined();
  });

  test('a failed call is not kept', async () => {
    await expect(signJwt(client, { keyId: 'alias/later', claims: {} })).rejects.toMatchObject({
      code: 'NotFoundException',
    });
    const key = await createKey('ECC_NIST_P256');
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/later', TargetKeyId: key }));
    expect(readHeader(await signJwt(client, { keyId: 'alias/later', claims: {} })).alg).toBe('ES256');
  });

  test('a call that is aborted does not abort another call that waits for the same public key', async () => {
    const keyId = await createKey('ECC_NIST_P256');
    const controller = new AbortController();
    const transport: Transport = {
      send: async (operation, input, limits) => {
        if (operation.name === 'GetPublicKey') controller.abort();
        limits.signal.throwIfAborted();
        return transports.http.send(operation, input, limits);
      },
    };
    const own = createClient({ transport });
    const aborted = signJwt(own, { keyId, claims: {}, signal: controller.signal });
    const other = signJwt(own, { keyId, claims: {} });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(readHeader(await other).alg).toBe('ES256');
  });

  test('header parameters and claims are added, but the algorithm cannot be replaced', async () => {
    const keyId = await createKey('ECC_NIST_P256');
    const token = await signJwt(client, { keyId, claims: { exp: 7, iat: 1 }, header: { typ: 'at+jwt', cty: 'x' } });
    expect(readHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt', cty: 'x' });
    expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toEqual({ exp: 7, iat: 1 });
    await expect(signJwt(client, { keyId, claims: {}, header: { alg: 'none' } })).rejects.toThrow(
      new TypeError('`header` must not contain alg.'),
    );
  });

  test.for([
    ['ECC_NIST_P256', { algorithm: 'RS256' }, /does not support RS256\. It supports ES256\.$/],
    ['RSA_2048', { algorithm: 'ES256' }, /It supports RS256, RS384, RS512, PS256, PS384, PS512\.$/],
    ['ECC_NIST_P256', { algorithm: 'none' }, /^`algorithm` must be one of RS256, .*, Ed25519\.$/],
    ['ECC_NIST_P256', { claims: [] }, /^`claims` must be an object\.$/],
    ['ECC_NIST_P256', { lifetimeSeconds: 0 }, /^`lifetimeSeconds` must be a positive integer\.$/],
    ['ML_DSA_44', {}, /has the spec ML_DSA_44, which JSON Web Tokens do not support\.$/],
    ['ECC_NIST_EDWARDS25519', { claims: { text: 'x'.repeat(4_000) } }, /With EdDSA, KMS signs at most 4096/],
  ] as const)('a token that cannot be signed is rejected with the reason: %s %o', async ([KeySpec, more, message]) => {
    const options = { keyId: await createKey(KeySpec), claims: {}, ...more } as unknown as Parameters<
      typeof signJwt
    >[1];
    await expect(signJwt(client, options)).rejects.toThrow(message);
  });

  test('a key for key agreement is not a key for tokens', async () => {
    const keyId = await createKey('ECC_NIST_P256', { KeyUsage: 'KEY_AGREEMENT' });
    await expect(jwks(client, [keyId])).rejects.toThrow('has the usage KEY_AGREEMENT, which JSON Web Tokens do not');
  });
});

const names = ['http', 'lambda', 'inProcess'] as const;

describe('isValidMac', () => {
  const Message = encode('{"event":"paid"}');
  const MacAlgorithm = 'HMAC_SHA_256';

  test.for(names)('over %s, it returns false for a wrong MAC and for bytes that are no MAC', async (name) => {
    const own = createClient({ transport: transports[name] });
    const KeyId = await createKey('HMAC_256');
    const { Mac } = await own.generateMac({ KeyId, Message, MacAlgorithm });
    const check = (mac: Uint8Array) => isValidMac(own, { KeyId, Message, Mac: mac, MacAlgorithm });
    expect(await check(Mac)).toBe(true);
    const wrong = [randomBytes(32), new Uint8Array(0), Mac.slice(1), randomBytes(33), randomBytes(10_000)];
    expect(await Promise.all(wrong.map(check))).toEqual(wrong.map(() => false));
    expect(await isValidMac(own, { KeyId, Message: encode('other'), Mac, MacAlgorithm })).toBe(false);
  });

  test.for(names)(
    'over %s, it rejects if the key does not exist, the usage differs or the input is invalid',
    async (name) => {
      const own = createClient({ transport: transports[name] });
      const input = { KeyId: 'alias/missing', Message, Mac: randomBytes(32), MacAlgorithm } as const;
      await expect(isValidMac(own, input)).rejects.toMatchObject({ code: 'NotFoundException' });
      const KeyId = await createKey('RSA_2048');
      await expect(isValidMac(own, { ...input, KeyId })).rejects.toMatchObject({ code: 'InvalidKeyUsageException' });
      const long = { ...input, Message: new Uint8Array(4_097) };
      await expect(isValidMac(own, long)).rejects.toMatchObject({ code: 'ValidationException' });
      await expect(isValidMac(own, { ...input, Mac: 'text' as never })).rejects.toThrow(TypeError);
      const unknown = { ...input, MacAlgorithm: 'HMAC_MD5' as never };
      await expect(isValidMac(own, unknown)).rejects.toMatchObject({ code: 'ValidationException' });
    },
  );
});

describe('isValidSignature', () => {
  const Message = encode('message');

  test.for([
    ['RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
  ] as const)(
    'it returns false for a wrong signature and for bytes that are no signature: %s',
    async ([spec, algorithm]) => {
      const KeyId = await createKey(spec);
      const { Signature } = await client.sign({ KeyId, Message, SigningAlgorithm: algorithm });
      const check = (signature: Uint8Array) =>
        isValidSignature(client, { KeyId, Message, Signature: signature, SigningAlgorithm: algorithm });
      expect(await check(Signature)).toBe(true);
      const wrong = [randomBytes(64), new Uint8Array(0), Signature.slice(1), new Uint8Array(6_145), randomBytes(6_144)];
      expect(await Promise.all(wrong.map(check))).toEqual(wrong.map(() => false));
    },
  );

  test.for(names)('over %s, it rejects if the key does not exist or does not sign', async (name) => {
    const own = createClient({ transport: transports[name] });
    const input = {
      KeyId: 'alias/missing',
      Message,
      Signature: randomBytes(70),
      SigningAlgorithm: 'ECDSA_SHA_256',
    } as const;
    await expect(isValidSignature(own, input)).rejects.toMatchObject({ code: 'NotFoundException' });
    const KeyId = await createKey('HMAC_256');
    await expect(isValidSignature(own, { ...input, KeyId })).rejects.toMatchObject({
      code: 'InvalidKeyUsageException',
    });
    await expect(isValidSignature(own, { ...input, Signature: 'text' as never })).rejects.toThrow(TypeError);
    const rsa = { ...input, KeyId: await createKey('RSA_2048') };
    await expect(isValidSignature(own, rsa)).rejects.toMatchObject({
      code: 'InvalidKeyUsageException',
      message: 'Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.',
    });
  });
});

describe('importMaterial', () => {
  const wrappingKeySpec = 'RSA_2048';

  async function createEmptyKey(KeySpec: KeySpec): Promise<string> {
    const KeyUsage =
      KeySpec === 'SYMMETRIC_DEFAULT'
        ? 'ENCRYPT_DECRYPT'
        : KeySpec.startsWith('HMAC')
          ? 'GENERATE_VERIFY_MAC'
          : 'SIGN_VERIFY';
    const { KeyMetadata } = await client.createKey({ KeySpec, KeyUsage, Origin: 'EXTERNAL' });
    return KeyMetadata.KeyId;
  }

  test('material for an HMAC key gives the MACs that the same secret gives elsewhere', async () => {
    const secret = randomBytes(32);
    const keyId = await createEmptyKey('HMAC_256');
    await importMaterial(client, { keyId, material: secret, wrappingKeySpec });
    const Message = encode('message');
    const { Mac } = await client.generateMac({ KeyId: keyId, Message, MacAlgorithm: 'HMAC_SHA_256' });
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    expect(await crypto.subtle.verify('HMAC', key, Mac, Message)).toBe(true);
  });

  const pairs = {
    RSA_2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ECC_NIST_P256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ECC_NIST_P521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
    ECC_NIST_EDWARDS25519: () => generateKeyPairSync('ed25519'),
  };
  // KMS rejects Ed25519 keys under RSA_2048. Keys of 4,096 bits take seconds to generate.
  const rows = [
    ['RSA_2048', { wrappingKeySpec: 'RSA_2048' }],
    ['ECC_NIST_P256', { wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec: 'RSA_3072' }],
    ['ECC_NIST_P521', { wrappingKeySpec: 'RSA_2048' }],
    ['ECC_NIST_EDWARDS25519', { wrappingKeySpec: 'RSA_3072' }],
  ] as const;
  test.for(rows)('a private key signs tokens after its import: %s %o', async ([KeySpec, options]) => {
    const { privateKey, publicKey } = pairs[KeySpec]();
    const material = privateKey.export({ format: 'der', type: 'pkcs8' });
    const keyId = await createEmptyKey(KeySpec);
    const before = createHash('sha256').update(material).digest('hex');
    await importMaterial(client, { keyId, material, ...options });
    expect(createHash('sha256').update(material).digest('hex')).toBe(before);
    const token = await signJwt(client, { keyId, claims: { sub: 'x' } });
    await expect(jwtVerify(token, publicKey)).resolves.toMatchObject({ payload: { sub: 'x' } });
  });

  test('material with an end is deleted at this time, and can be imported again', async () => {
    const keyId = await createEmptyKey('SYMMETRIC_DEFAULT');
    const material = crypto.getRandomValues(new Uint8Array(new SharedArrayBuffer(32)));
    const validTo = new Date(Date.now() + 3_600_000);
    await importMaterial(client, { keyId, material, wrappingKeySpec, validTo, description: 'from the HSM' });
    const { KeyMetadata } = await client.describeKey({ KeyId: keyId });
    expect(KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      ValidTo: validTo,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    });
    await client.deleteImportedKeyMaterial({ KeyId: keyId });
    await importMaterial(client, { keyId, material, wrappingKeySpec, importType: 'EXISTING_KEY_MATERIAL' });
    expect((await client.describeKey({ KeyId: keyId })).KeyMetadata).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
  });

  test('requests contain the material only encrypted, and copies of it are overwritten', async () => {
    const material = encode('canary-canary-canary-canary-0123');
    const requests: string[] = [];
    const keyId = await createEmptyKey('SYMMETRIC_DEFAULT');
    const transport: Transport = {
      send: (operation, input, limits) => {
        requests.push(JSON.stringify(input));
        return transports.http.send(operation, input, limits);
      },
    };
    const copies: Uint8Array[] = [];
    const { encrypt } = crypto.subtle;
    crypto.subtle.encrypt = (algorithm, key, data) => {
      copies.push(data as Uint8Array);
      return encrypt.call(crypto.subtle, algorithm, key, data);
    };
    try {
      await importMaterial(createClient({ transport }), { keyId, material });
    } finally {
      crypto.subtle.encrypt = encrypt;
    }
    expect(requests).toHaveLength(2);
    expect(requests[0]).toContain('"WrappingKeySpec":"RSA_4096"');
    expect(requests.join()).not.toMatch(/canary|Y2FuYXJ5/);
    expect(copies).toEqual([new Uint8Array(32)]);
  });

  test('imports the material of the call, although the caller overwrites it before the promise settles', async () => {
    const keyId = await createEmptyKey('HMAC_256');
    const secret = randomBytes(32);
    const material = Uint8Array.from(secret);
    const imported = importMaterial(client, { keyId, material, wrappingKeySpec });
    material.fill(0);
    await imported;
    const Message = encode('message');
    const { Mac } = await client.generateMac({ KeyId: keyId, Message, MacAlgorithm: 'HMAC_SHA_256' });
    expect(Buffer.from(Mac)).toEqual(createHmac('sha256', secret).update(Message).digest());
  });

  test.for([
    [{ material: 'text' }, '`material` must be a Uint8Array.'],
    [{ material: new Uint8Array(0) }, '`material` must not be empty.'],
    [
      { material: new Uint8Array(447), wrappingAlgorithm: 'RSAES_OAEP_SHA_256' },
      'The material has 447 bytes. RSAES_OAEP_SHA_256 encrypts at most 446 with RSA_4096. Use RSA_AES_KEY_WRAP_SHA_256.',
    ],
  ] as const)('invalid options are rejected before a call: %o', async ([options, message]) => {
    called.length = 0;
    await expect(importMaterial(client, { keyId: 'k', ...options } as never)).rejects.toThrow(message);
    expect(called).toEqual([]);
  });
});
