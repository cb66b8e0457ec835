import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ConnectCustomKeyStoreCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisconnectCustomKeyStoreCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { type KeySpec, keySpecs } from '../../../emulator/crypto/key-specs.ts';
import { type Emulator, type EmulatorOptions, type SeedInput, startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import { validateSeed } from '../../../emulator/seed/validate-seed.ts';
import { clientFor } from '../../support/emulator.ts';
import { wrapMaterial } from '../../support/import.ts';
import { useDirectory } from '../../support/project-copy.ts';
import { getMaterial } from '../crypto/test-materials.ts';

const KeyId = '00000000-0000-4000-8000-000000000001';
const createSeed = (key: object) => parseSeed({ Version: 1, Keys: [{ KeyId, ...key }] }, 'the seed');

async function withSeed(key: object, use: (client: ReturnType<typeof clientFor>, emulator: Emulator) => Promise<void>) {
  const emulator = await startEmulator({ seed: createSeed(key) });
  const client = clientFor(emulator.endpoint);
  try {
    await use(client, emulator);
  } finally {
    client.destroy();
    await emulator.close();
  }
}

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const sec1 = pair.privateKey.export({ format: 'pem', type: 'sec1' });

describe('key pair material in a seed', () => {
  test.for([
    ['PKCS#8 in base64', pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
    ['PKCS#8 in PEM', pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['SEC 1 in PEM', sec1.toString()],
  ] as const)('key pair material in a seed can be %s', async ([, Material]) => {
    await withSeed({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Material }, async (client) => {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      expect(Buffer.from(PublicKey ?? [])).toEqual(spki);
    });
  });

  test.skipIf(!openssl.startsWith('OpenSSL 3'))(
    'key pair material in a seed can be a private key from the OpenSSL command line',
    async () => {
      const Material = execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519']).toString();
      await withSeed({ KeySpec: 'ECC_NIST_EDWARDS25519', Material }, async (client) => {
        const request = { KeyId, Message: Buffer.of(1), SigningAlgorithm: 'ED25519_SHA_512' } as const;
        expect((await client.send(new SignCommand(request))).Signature).toHaveLength(64);
      });
    },
  );
});

test('the emulator generates material that the seed omits, and keeps it when the seed is restored', async () => {
  await withSeed({ KeySpec: 'ML_DSA_44' }, async (client, emulator) => {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
    await emulator.restoreSeed();
    expect((await client.send(new GetPublicKeyCommand({ KeyId }))).PublicKey).toEqual(PublicKey);
  });
});

const bytes32 = Buffer.alloc(32).toString('base64');
const grant = {
  GrantId: 'a'.repeat(64),
  GranteePrincipal: 'arn:aws:iam::000000000000:role/x',
  Operations: ['Decrypt'],
};
const inHsm = { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: 'cks-2222222222b' };

const alreadyUsed = 'must be unique in an account and Region';

test.for<[string, object, string]>([
  ['an RSA key without KeyUsage', { KeySpec: 'RSA_2048' }, 'KeyUsage is required because the KeySpec supports several'],
  [
    'a key usage that the key spec does not support',
    { KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' },
    'KeyUsage must be a usage that the KeySpec supports',
  ],
  [
    'key state PendingImport for Origin AWS_KMS',
    { KeyState: 'PendingImport' },
    'KeyState can be PendingImport only if Origin is EXTERNAL',
  ],
  [
    'material for a key in state PendingImport',
    { KeyState: 'PendingImport', Origin: 'EXTERNAL', Material: 'AQ==' },
    'Material must be absent if KeyState is PendingImport',
  ],
  [
    'previous materials for a key in state PendingImport',
    { KeyState: 'PendingImport', Origin: 'EXTERNAL', PreviousMaterials: [{ Material: bytes32 }] },
    'PreviousMaterials must be absent if KeyState is PendingImport',
  ],
  [
    'symmetric material of the wrong length',
    { Material: 'AQ==' },
    'Material is invalid: Key material of key spec SYMMETRIC_DEFAULT must be 32 bytes',
  ],
  [
    'previous material of the wrong length',
    { Material: bytes32, PreviousMaterials: [{ Material: 'AQ==' }] },
    'PreviousMaterials/0 is invalid: Key material of key spec SYMMETRIC_DEFAULT must be 32 bytes',
  ],
  [
    'material on another curve',
    { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY', Material: sec1.toString() },
    'Material is invalid: Key material must be a private key of key spec ECC_NIST_P384',
  ],
  [
    'rotation for a key that cannot rotate',
    { KeySpec: 'HMAC_256', Rotation: {} },
    'Rotation is allowed only for a SYMMETRIC_DEFAULT key with Origin AWS_KMS',
  ],
  [
    'rotation for imported material',
    { Origin: 'EXTERNAL', Rotation: {} },
    'Rotation is allowed only for a SYMMETRIC_DEFAULT key with Origin AWS_KMS',
  ],
  [
    'ValidTo for Origin AWS_KMS',
    { ValidTo: 1, Material: bytes32 },
    'ValidTo is allowed only for a key with Origin EXTERNAL',
  ],
  ['ValidTo without material', { ValidTo: 1, Origin: 'EXTERNAL' }, 'Material is required if'],
  [
    'previous materials without current material',
    { PreviousMaterials: [{ Material: bytes32 }] },
    'Material is required if',
  ],
  [
    'pending material without current material',
    { Origin: 'EXTERNAL', PendingMaterial: bytes32 },
    'Material is required if',
  ],
  [
    'pending material for Origin AWS_KMS',
    { Material: bytes32, PendingMaterial: bytes32 },
    'PendingMaterial is allowed only for a SYMMETRIC_DEFAULT key with Origin EXTERNAL',
  ],
  ['two aliases with the same name', { Aliases: ['alias/a', 'alias/a'] }, `alias/a ${alreadyUsed}`],
  ['two grants with the same id', { Grants: [grant, grant] }, `grant ${'a'.repeat(64)} ${alreadyUsed}`],
  [
    'a key store for Origin AWS_KMS',
    { CustomKeyStoreId: 'cks-2222222222b' },
    'CustomKeyStoreId is allowed only if Origin is AWS_CLOUDHSM or EXTERNAL_KEY_STORE',
  ],
  [
    'Origin AWS_CLOUDHSM without a key store',
    { Origin: 'AWS_CLOUDHSM' },
    'CustomKeyStoreId is required if Origin is AWS_CLOUDHSM or EXTERNAL_KEY_STORE',
  ],
  ['a key store that is not in the seed', inHsm, 'CustomKeyStoreId must be the id of a custom key store in this seed'],
  [
    'an RSA key in a key store',
    { ...inHsm, KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    'KeySpec must be SYMMETRIC_DEFAULT for a key in a custom key store',
  ],
  [
    'an external key id for Origin AWS_CLOUDHSM',
    { ...inHsm, XksKeyId: 'x' },
    'XksKeyId is allowed only if Origin is EXTERNAL_KEY_STORE',
  ],
])('the validateSeed error for %s contains the file, the location, the key and the rule', async ([, key, rule]) => {
  const rejection = validateSeed(createSeed(key));
  await expect(rejection).rejects.toBeInstanceOf(SeedError);
  await expect(rejection).rejects.toThrow(`the seed: /Keys/0 (key ${KeyId}): ${rule}`);
});

test('validateSeed rejects a key id that is used twice in one Region', async () => {
  const seed = parseSeed({ Version: 1, Keys: [{ KeyId }, { KeyId, Region: 'eu-west-1' }, { KeyId }] }, 'seed.yaml');
  await expect(validateSeed(seed)).rejects.toThrow(`seed.yaml: /Keys/2 (key ${KeyId}): ${KeyId} ${alreadyUsed}`);
});

const hsm = {
  CustomKeyStoreId: 'cks-2222222222b',
  CustomKeyStoreName: 'hsm',
  CloudHsmClusterId: 'cluster-2222222222b',
};
test.for<[string, object[], string]>([
  [
    'the same id',
    [hsm, { ...hsm, CustomKeyStoreName: 'other' }],
    `/CustomKeyStores/1 (cks-2222222222b): cks-2222222222b ${alreadyUsed}`,
  ],
  ['the same name', [hsm, { ...hsm, CustomKeyStoreId: 'cks-1' }], `/CustomKeyStores/1 (cks-1): hsm ${alreadyUsed}`],
])('validateSeed rejects two custom key stores with %s', async ([, CustomKeyStores, message]) => {
  const seed = parseSeed({ Version: 1, Keys: [], CustomKeyStores }, 'seed.yaml');
  await expect(validateSeed(seed)).rejects.toThrow(`seed.yaml: ${message}`);
});

test.for([
  ['type', { KeyId: 1 }, '/KeyId', 'must be a string'],
  ['pattern', { KeyId: 'mine' }, '/KeyId', 'must be a UUID, or mrk- and 32 hexadecimal digits'],
  ['enumeration', { KeyId, KeyState: 'Lost' }, '/KeyState', 'must be one of Enabled, Disabled,'],
  ['length', { KeyId, AccountId: '1' }, '/AccountId', 'must have at least 12 characters'],
  ['empty list', { KeyId, AccountIds: [] }, '/AccountIds', 'must have at least 1 item'],
  [
    'excluded member',
    { KeyId, AccountId: '000000000001', AccountIds: ['000000000002'] },
    '/AccountIds',
    'must be absent if AccountId is present',
  ],
  ['range', { KeyId, PendingWindowInDays: 6 }, '/PendingWindowInDays', 'must be at least 7'],
  ['time', { KeyId, CreationDate: 'now' }, '/CreationDate', 'must be a timestamp: ISO 8601 with a time zone'],
  ['unknown member', { KeyId, Color: 'red' }, '/Color', 'is not a known member'],
  ['misspelled member', { KeyId, Alias: [] }, '/Alias', 'is not a known member. Did you mean `Aliases`?'],
  ['member in another case', { KeyId, keySpec: '' }, '/keySpec', 'is not a known member. Did you mean `KeySpec`?'],
  ['missing member', {}, '/KeyId', 'is required'],
  ['relation between members', { KeyId, MultiRegion: true }, '/MultiRegion', 'must be true if KeyId starts with mrk-'],
] as const)('parseSeed throws an error with the violated rule (%s)', ([, key, member, rule]) => {
  expect(() => parseSeed({ Version: 1, Keys: [key] }, 'seed.yaml')).toThrow(`seed.yaml: /Keys/0${member} ${rule}`);
});

test('a key with AccountIds exists in each of these accounts, with other material', async () => {
  const accounts = ['000000000001', '000000000002'];
  const emulator = await startEmulator({ seed: { Keys: [{ KeyId, AccountIds: accounts, Aliases: ['alias/app'] }] } });
  try {
    const describeKey = (account: string, key: string) =>
      clientFor(emulator.endpoint, { account }).send(new DescribeKeyCommand({ KeyId: key }));
    const keys = await Promise.all(accounts.map((account) => describeKey(account, 'alias/app')));
    expect(keys.map(({ KeyMetadata }) => KeyMetadata?.Arn)).toEqual(
      accounts.map((account) => `arn:aws:kms:us-east-1:${account}:key/${KeyId}`),
    );
    expect(new Set(keys.map(({ KeyMetadata }) => KeyMetadata?.CurrentKeyMaterialId)).size).toBe(2);
    await expect(describeKey('000000000000', KeyId)).rejects.toThrow('does not exist');
  } finally {
    await emulator.close();
  }
});

test('validateSeed names the entry of a key that AccountIds repeats', async () => {
  const other = '77777777-7777-4777-8777-777777777777';
  const twice = ['000000000001', '000000000001'];
  const seed = parseSeed(
    {
      Keys: [
        { KeyId: other, AccountIds: ['000000000001', '000000000002'] },
        { KeyId, AccountIds: twice },
      ],
    },
    'seed.yaml',
  );
  await expect(validateSeed(seed)).rejects.toThrow(`seed.yaml: /Keys/1 (key ${KeyId}):`);
});

describe('material in a seed', () => {
  // Only Regions in China support SM2.
  const region = (keySpec: KeySpec) => (keySpec === 'SM2' ? 'cn-north-1' : 'us-east-1');
  test.for(Object.values(keySpecs).map(({ keySpec }) => keySpec))(
    'material in a seed can be for key spec %s, in base64 and in PEM',
    async (keySpec) => {
      const bytes = Buffer.from(await getMaterial(keySpec));
      const { isAsymmetric, algorithms } = keySpecs[keySpec];
      const [KeyUsage] = Object.keys(algorithms);
      const pem = () =>
        createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
      const texts = [bytes.toString('base64'), ...(isAsymmetric ? [pem()] : [])];
      const publicKeys: string[] = [];
      for (const Material of texts) {
        const emulator = await startEmulator({
          seed: createSeed({ KeySpec: keySpec, KeyUsage, Material, Region: region(keySpec) }),
        });
        const client = clientFor(emulator.endpoint, { region: region(keySpec) });
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
        expect(KeyMetadata).toMatchObject({ KeySpec: keySpec, KeyUsage, KeyState: 'Enabled' });
        if (isAsymmetric) {
          const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
          publicKeys.push(Buffer.from(PublicKey ?? []).toString('base64'));
        }
        client.destroy();
        await emulator.close();
      }
      expect(new Set(publicKeys).size).toBe(isAsymmetric ? 1 : 0);
    },
  );
});

test('RotateKeyOnDemand uses seeded pending material, and can use the material again after the seed is restored', async () => {
  const key = { Origin: 'EXTERNAL', Material: bytes32, PendingMaterial: Buffer.alloc(32, 1).toString('base64') };
  await withSeed(key, async (client, emulator) => {
    for (let round = 0; round < 2; round++) {
      const request = { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const;
      const { Rotations } = await client.send(new ListKeyRotationsCommand(request));
      const states = Rotations?.map(({ KeyMaterialState }) => KeyMaterialState);
      expect(states?.toSorted()).toEqual(['CURRENT', 'PENDING_ROTATION']);
      await client.send(new RotateKeyOnDemandCommand({ KeyId }));
      await expect(client.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toThrow('No available key material');
      await emulator.restoreSeed();
    }
  });
});

describe('a key in a seeded custom key store', () => {
  const keyStore = { CustomKeyStoreId: 'cks-2222222222b', CustomKeyStoreName: 'seeded' };
  const xks = {
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    XksProxyConfiguration: {
      Connectivity: 'PUBLIC_ENDPOINT',
      UriEndpoint: 'https://xks.example.com',
      UriPath: '/kms/xks/v1',
    },
  };
  test.for([
    [
      'a connected CloudHSM key store',
      { ConnectionState: 'CONNECTED', CloudHsmClusterId: 'cluster-2222222222b' },
      inHsm,
      'Enabled',
    ],
    ['a disconnected CloudHSM key store', { CloudHsmClusterId: 'cluster-2222222222b' }, inHsm, 'Unavailable'],
    [
      'a connected external key store',
      { ...xks, ConnectionState: 'CONNECTED' },
      { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: 'cks-2222222222b', XksKeyId: 'my-key' },
      'Enabled',
    ],
  ] as const)('a seeded key is $3 in $0, and again after the seed is restored', async ([, store, key, KeyState]) => {
    const json = {
      Version: 1,
      Keys: [{ KeyId, ...key, Material: bytes32 }],
      CustomKeyStores: [{ ...keyStore, ...store }],
    };
    const emulator = await startEmulator({ seed: parseSeed(json) });
    const client = clientFor(emulator.endpoint);
    const state = async () => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    expect(await state()).toMatchObject({ KeyState, Origin: key.Origin, CustomKeyStoreId: key.CustomKeyStoreId });
    if (KeyState === 'Enabled') {
      const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
      const { CustomKeyStoreId } = key;
      await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));
      expect((await state())?.KeyState).toBe('Unavailable');
      await emulator.restoreSeed();
      const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
      expect(Plaintext).toEqual(Uint8Array.of(1));
    } else {
      const { CustomKeyStoreId } = key;
      await client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
      expect((await state())?.KeyState).toBe('Enabled');
      await emulator.restoreSeed();
      expect((await state())?.KeyState).toBe('Unavailable');
    }
    client.destroy();
    await emulator.close();
  });
});

test('the parseSeed error for material that is neither base64 nor PEM does not contain the material', () => {
  for (const Material of ['no base64', '-----BEGIN PRIVATE KEY-----\nAQ==\n-----END PRIVATE KEY-----']) {
    const parse = () => createSeed({ Material });
    expect(parse).toThrow(SeedError);
    expect(parse).toThrow(/^the seed: \/Keys\/0\/Material must be base64 or a PEM private key$/);
  }
});

test('seeded imported material expires at its ValidTo', async () => {
  const ValidTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
  const Material = randomBytes(32).toString('base64');
  await withSeed({ Origin: 'EXTERNAL', ValidTo: ValidTo.toISOString(), Material }, async (client, emulator) => {
    const state = async () => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    expect(await state()).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    emulator.clock.advance(120_000);
    expect(await state()).toMatchObject({ KeyState: 'PendingImport' });
  });
});

test('a seeded import token never expires, and is valid again after the seed is restored', async () => {
  const wrapping = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ImportToken = Buffer.from('a fixed import token');
  const WrappingAlgorithm = 'RSAES_OAEP_SHA_256';
  const parameters = {
    ImportToken: ImportToken.toString('base64'),
    WrappingAlgorithm,
    WrappingKeySpec: 'RSA_2048',
    WrappingPrivateKey: wrapping.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
  const PublicKey = wrapping.publicKey.export({ format: 'der', type: 'spki' });
  const key = { Origin: 'EXTERNAL', KeyState: 'PendingImport', ImportParameters: parameters };
  await withSeed(key, async (client, emulator) => {
    emulator.clock.advance(10 * 365 * 24 * 60 * 60 * 1000);
    let CiphertextBlob: Uint8Array | undefined;
    for (let round = 0; round < 2; round++) {
      const EncryptedKeyMaterial = wrapMaterial({ ImportToken, PublicKey, WrappingAlgorithm }, Buffer.alloc(32, 1));
      const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
      const request = { KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel } as const;
      await client.send(new ImportKeyMaterialCommand(request));
      if (round === 0) {
        ({ CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) })));
        await emulator.restoreSeed();
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
        expect(KeyMetadata?.KeyState).toBe('PendingImport');
      }
    }
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Plaintext).toEqual(Uint8Array.of(1));
  });
});

describe('the seed option of startEmulator', () => {
  const directory = useDirectory();
  const Policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
    ],
  };
  const seed = {
    Keys: [{ KeyId, Aliases: ['alias/form'], Policy, Material: Buffer.alloc(32, 1).toString('base64') }],
  } as const satisfies SeedInput;
  const write = (name: string) => {
    const file = join(directory.directory, name);
    writeFileSync(file, JSON.stringify(seed));
    return file;
  };
  const describeAlias = async (given: NonNullable<EmulatorOptions['seed']>, KeyId = 'alias/form') => {
    const emulator = await startEmulator({ seed: given });
    const client = clientFor(emulator.endpoint);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    client.destroy();
    await emulator.close();
    return KeyMetadata?.KeyId;
  };

  const forms: [form: string, given: () => NonNullable<EmulatorOptions['seed']>][] = [
    ['an object', () => seed],
    ['the path of a JSON file', () => write('seed.json')],
    ['a path without an extension', () => write('seed')],
    ['a URL', () => pathToFileURL(write('by-url.json'))],
    ['YAML text', () => `Keys:\n  - KeyId: ${KeyId}\n    Aliases: [alias/form]\n`],
    ['JSON text', () => JSON.stringify(seed)],
  ];
  test.for(forms)('the seed option accepts %s', async ([, given]) => {
    expect(await describeAlias(given())).toBe(KeyId);
  });

  test('the seed option accepts a seed that contains only principals', async () => {
    const Principals = [{ AccessKeyId: 'AKIAONE', Arn: 'arn:aws:iam::000000000000:user/one' }];
    const emulator = await startEmulator({ seed: { Principals } });
    const request = { operation: 'ListKeys', principal: 'AKIAONE' };
    expect((await emulator.explain(request)).decision).toBe('denied');
    await emulator.close();
  });

  test.for([
    [{ Keyz: [] }, '/Keyz is not a known member. Did you mean `Keys`?'],
    [{ Keys: [{ KeyId, Alias: ['alias/x'] }] }, '/Keys/0/Alias is not a known member. Did you mean `Aliases`?'],
    [{ Keys: [{ KeyId: 'x' }] }, '/Keys/0/KeyId must be a UUID, or mrk- and 32 hexadecimal digits'],
    [{ Keys: [{ KeyId, Material: Buffer.alloc(32) }] }, '/Keys/0/Material must be base64 or a PEM private key'],
    [{ Keys: [{ KeyId, CreationDate: new Date() }] }, '/Keys/0/CreationDate must be a timestamp: ISO 8601 text'],
    [{ Keys: [{ KeyId, Policy: { Statement: 1 } }] }, 'Policy is invalid'],
    [
      'defualt',
      'there is no seed file defualt, and it is not YAML with the members of a seed. Did you mean `default`?',
    ],
    ['none.yaml', 'cannot read the seed none.yaml: ENOENT'],
    ['Keys: [\n', 'the seed is not valid YAML: '],
    [5, 'the seed must be an object, the path of a seed file, YAML text, `default` or `none`'],
    [null, 'the seed must be an object'],
  ])('the seed option rejects %j', async ([given, message]) => {
    const error = await startEmulator({ seed: given as never }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SeedError);
    expect((error as Error).message).toContain(message);
  });

  test('the error for YAML text that is not valid does not contain the text', async () => {
    const error = await startEmulator({ seed: 'Keys:\n  - Material: "c2VjcmV0\n  x: [' }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message).toContain('is not valid YAML');
    expect((error as Error).message).not.toContain('c2VjcmV0');
  });

  test('the type of the seed option rejects unknown members and wrong types', () => {
    const accept = (_: SeedInput) => {};
    // @ts-expect-error The member is Keys.
    accept({ Keyz: [] });
    // @ts-expect-error The member is Aliases.
    accept({ Keys: [{ KeyId, Alias: ['alias/x'] }] });
    // @ts-expect-error Material is base64.
    accept({ Keys: [{ KeyId, Material: new Uint8Array(32) }] });
    // @ts-expect-error The key spec does not exist.
    accept({ Keys: [{ KeyId, KeySpec: 'RSA_2047' }] });
    expect(() => accept({ Version: 1, Principals: [], Keys: [{ KeyId, Policy: '{}' }] })).not.toThrow();
  });
});
