import { randomBytes } from 'node:crypto';
import type { AlgorithmSpec, CreateKeyCommandInput, WrappingKeySpec } from '@aws-sdk/client-kms';
import type { KeySpec } from '../../../emulator/core/key-spec.ts';
import { keySpecs } from '../../../emulator/crypto/key-specs.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import {
  createExternalKey,
  describeKey,
  getImportParameters,
  importMaterial,
  wrapMaterial,
} from '../../support/import.ts';
import { keyOfKind, replicaRegion, replicate, send } from '../../support/key-calls.ts';
import { type Answer, type Asked, testAnswers, usageOf } from '../../support/recorded-answers.ts';

const used = useEmulator({});
const hourMs = 60 * 60 * 1000;
const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const doesNotExpire = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const;
const unknownId = '0'.repeat(64);
const inHours = (hours: number) => new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + hours * hourMs);

/** A key with Origin EXTERNAL and the material that was imported into it. */
interface Imported {
  readonly KeyId: string;
  readonly material: Uint8Array;
  readonly values: { readonly arn: string; readonly current: string };
}

async function createImported(request: CreateKeyCommandInput = {}, material = randomBytes(32)): Promise<Imported> {
  const KeyId = await createExternalKey(used.client, request);
  await importMaterial(used.client, KeyId, material, {});
  const { Arn = '', CurrentKeyMaterialId = '' } = await describeKey(used.client, KeyId);
  return { KeyId, material, values: { arn: Arn, current: CurrentKeyMaterialId } };
}

/** Prepares an ImportKeyMaterial request. */
async function prepareImport(KeyId: string, material: Uint8Array, input: object = {}, client = used.client) {
  const parameters = await getImportParameters(client, KeyId);
  const { ImportToken } = parameters;
  const EncryptedKeyMaterial = wrapMaterial(parameters, material);
  return { KeyId, ImportToken, EncryptedKeyMaterial, ...doesNotExpire, ...input };
}

/** Imports material into a key that already has material, and asks for an import. */
const askReimport =
  (choose: (imported: Imported) => { material?: Uint8Array; input?: object }, request: CreateKeyCommandInput = {}) =>
  async (): Promise<Asked> => {
    const imported = await createImported(request);
    const { material = imported.material, input = {} } = choose(imported);
    return {
      client: used.client,
      input: await prepareImport(imported.KeyId, material, input),
      values: imported.values,
    };
  };

const importing = { operation: 'ImportKeyMaterial', source: 'imports', recorded: true } as const;
const invalidCiphertext = ['InvalidCiphertextException', ''] as const;
const unexpected = (id: string) =>
  ['IncorrectKeyMaterialException', `Imported key material does not have the expected identifier (${id}).`] as const;

const lengths: [KeySpec, bytes: number, isValid: boolean, recorded: boolean][] = [
  ...([16, 31, 33, 64] as const).map((bytes) => ['SYMMETRIC_DEFAULT', bytes, false, bytes === 31] as const),
  ...(
    [
      ['HMAC_224', 28],
      ['HMAC_256', 32],
      ['HMAC_384', 48],
      ['HMAC_512', 64],
    ] as const
  ).flatMap(([spec, min]): [KeySpec, number, boolean, boolean][] => [
    [spec, min - 1, false, true],
    [spec, min, true, true],
    [spec, 128, true, false],
    [spec, 129, false, false],
  ]),
].map(([spec, bytes, isValid, recorded]) => [spec, bytes, isValid, recorded]);

const lengthAnswers: Answer[] = lengths.map(([KeySpec, bytes, isValid, recorded]) => ({
  ...importing,
  source: KeySpec === 'SYMMETRIC_DEFAULT' ? 'imports' : recorded ? 'importFamilies' : 'importConcepts',
  recorded,
  situation: `${bytes} bytes for a ${KeySpec} key`,
  ask: async () => {
    const KeyId = await createExternalKey(used.client, { KeySpec, KeyUsage: usageOf(KeySpec) });
    const { Arn = '' } = await describeKey(used.client, KeyId);
    return { client: used.client, input: await prepareImport(KeyId, randomBytes(bytes)), values: { arn: Arn } };
  },
  ...(isValid ? { response: { KeyId: '{arn}' } } : { error: invalidCiphertext }),
}));

const textAnswers: Answer[] = [
  {
    ...importing,
    situation: 'other bytes in a key that has material',
    ask: askReimport(() => ({ material: randomBytes(32) })),
    error: unexpected('{current}'),
  },
  {
    ...importing,
    situation: 'bytes that do not match KeyMaterialId',
    ask: askReimport(() => ({ input: { KeyMaterialId: unknownId } })),
    error: unexpected(unknownId),
  },
  {
    ...importing,
    situation: 'the same bytes as new material',
    ask: askReimport(() => ({ input: isNew })),
    error: [
      'IncorrectKeyMaterialException',
      'Key material (id: {current}) being imported as NEW_KEY_MATERIAL is already associated with KMS key {arn}.',
    ],
  },
  {
    ...importing,
    situation: 'KeyMaterialId for new material',
    ask: askReimport(({ values }) => ({ input: { ...isNew, KeyMaterialId: values.current } })),
    error: ['ValidationException', 'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.'],
  },
  {
    ...importing,
    situation: 'ValidTo for material that does not expire',
    ask: askReimport(() => ({ input: { ValidTo: inHours(1) } })),
    error: [
      'ValidationException',
      'A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    ],
  },
  {
    ...importing,
    situation: 'ValidTo more than 365 days in the future',
    ask: askReimport(() => ({ input: { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: inHours(366 * 24) } })),
    error: ['ValidationException', 'ValidTo must be less than 365 days in the future'],
  },
  {
    ...importing,
    situation: 'ValidTo in the past',
    ask: askReimport(() => ({ input: { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: inHours(-1) } })),
    error: ['ValidationException', 'ValidTo must be in the future'],
  },
  {
    ...importing,
    situation: 'no ValidTo for material that expires',
    ask: askReimport(() => ({ input: { ExpirationModel: undefined } })),
    error: ['ValidationException', 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'],
  },
  ...(['another key', 'changed bytes'] as const).map((situation) => ({
    ...importing,
    source: 'importEdges' as const,
    situation: `import token of ${situation}`,
    ask: async () => {
      const [KeyId, other] = [await createExternalKey(used.client), await createExternalKey(used.client)];
      const { ImportToken } = await getImportParameters(used.client, other);
      const token = situation === 'another key' ? ImportToken : ImportToken.subarray(1);
      return {
        client: used.client,
        input: { ...(await prepareImport(KeyId, randomBytes(32))), ImportToken: token },
      };
    },
    error: ['InvalidImportTokenException', ''] as const,
  })),
  {
    ...importing,
    source: 'importEdges',
    situation: 'changed ciphertext',
    ask: async () => {
      const KeyId = await createExternalKey(used.client);
      const input = await prepareImport(KeyId, randomBytes(32));
      input.EncryptedKeyMaterial[9] = (input.EncryptedKeyMaterial[9] ?? 0) ^ 1;
      return { client: used.client, input };
    },
    error: invalidCiphertext,
  },
  {
    ...importing,
    source: 'importFamilies',
    recorded: false,
    situation: 'bytes that are not a private key, for an ECC_NIST_P256 key',
    ask: async () => {
      const KeyId = await createExternalKey(used.client, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      return { client: used.client, input: await prepareImport(KeyId, randomBytes(32)) };
    },
    error: invalidCiphertext,
  },
];

/** The key specs that AWS can import, except symmetric encryption keys. RSA_3072 and RSA_4096 take seconds to create. */
const importable = (Object.keys(keySpecs) as KeySpec[]).filter(
  (spec) => spec !== 'SYMMETRIC_DEFAULT' && spec !== 'SM2' && !keySpecs[spec].isNotImportable,
);
const symmetricMembers = [
  ['ImportType', 'importType', 'EXISTING_KEY_MATERIAL'],
  ['ImportType', 'importType', 'NEW_KEY_MATERIAL'],
  ['KeyMaterialId', 'keyMaterialId', unknownId],
  ['KeyMaterialDescription', 'keyMaterialDescription', 'text'],
] as const;
const symmetricMemberAnswers: Answer[] = importable.flatMap((KeySpec) =>
  symmetricMembers.map(([member, name, value]) => ({
    ...importing,
    source: 'importFamilies' as const,
    recorded:
      !KeySpec.startsWith('ML_KEM') &&
      value !== 'NEW_KEY_MATERIAL' &&
      (KeySpec.startsWith('HMAC') || member !== 'KeyMaterialId'),
    situation: `${member} ${value} for a ${KeySpec} key`,
    ask: async () => {
      const KeyId = await createExternalKey(used.client, { KeySpec, KeyUsage: usageOf(KeySpec) });
      const input = { KeyId, ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1), ...doesNotExpire };
      return { client: used.client, input: { ...input, [member]: value } };
    },
    error: ['ValidationException', `Input parameter ${name} cannot be used with ${KeySpec} imported keys.`] as const,
  })),
);

const wrappings: [KeySpec, AlgorithmSpec, WrappingKeySpec, isValid: boolean, recorded: boolean][] = [
  ['SYMMETRIC_DEFAULT', 'RSAES_PKCS1_V1_5', 'RSA_2048', false, true],
  ['SYMMETRIC_DEFAULT', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', false, false],
  ['SYMMETRIC_DEFAULT', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048', false, true],
  ['SYMMETRIC_DEFAULT', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096', false, false],
  ['SYMMETRIC_DEFAULT', 'SM2PKE', 'RSA_2048', false, false],
  ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', 'RSA_2048', true, true],
  ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSA_3072', true, true],
  ['HMAC_256', 'RSAES_PKCS1_V1_5', 'RSA_2048', false, false],
  ['HMAC_256', 'RSAES_OAEP_SHA_256', 'RSA_2048', true, true],
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 'RSA_2048', false, true],
  ['RSA_3072', 'RSAES_OAEP_SHA_256', 'RSA_2048', false, true],
  ['RSA_4096', 'RSAES_OAEP_SHA_256', 'RSA_2048', false, true],
  ['RSA_4096', 'RSAES_OAEP_SHA_1', 'RSA_4096', false, false],
  ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_3072', true, true],
  ['ECC_NIST_P256', 'RSAES_OAEP_SHA_256', 'RSA_2048', true, false],
  ['ECC_NIST_P521', 'RSAES_OAEP_SHA_1', 'RSA_2048', false, false],
  ['ECC_NIST_P521', 'RSAES_OAEP_SHA_256', 'RSA_2048', false, true],
  ['ECC_NIST_P521', 'RSAES_OAEP_SHA_256', 'RSA_3072', true, false],
  ['ECC_NIST_EDWARDS25519', 'RSAES_OAEP_SHA_1', 'RSA_2048', false, false],
  ['ECC_NIST_EDWARDS25519', 'RSAES_OAEP_SHA_256', 'RSA_2048', false, true],
  ['ECC_NIST_EDWARDS25519', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048', true, false],
];
const wrappingAnswers: Answer[] = wrappings.map(([KeySpec, WrappingAlgorithm, WrappingKeySpec, isValid, recorded]) => ({
  operation: 'GetParametersForImport',
  source: KeySpec === 'SYMMETRIC_DEFAULT' ? 'imports' : 'importFamilies',
  recorded,
  situation: `${WrappingAlgorithm} with ${WrappingKeySpec} for a ${KeySpec} key`,
  ask: async () => {
    const KeyId = await createExternalKey(used.client, { KeySpec, KeyUsage: usageOf(KeySpec) });
    const { Arn = '' } = await describeKey(used.client, KeyId);
    return { client: used.client, input: { KeyId, WrappingAlgorithm, WrappingKeySpec }, values: { arn: Arn } };
  },
  ...(isValid
    ? { response: { KeyId: '{arn}' } }
    : {
        error: [
          'ValidationException',
          `Wrapping algorithm ${WrappingAlgorithm} and wrapping key spec ${WrappingKeySpec} cannot be used to import a ${KeySpec} key.`,
        ],
      }),
}));

const createAnswers: Answer[] = (['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const).map((KeySpec) => ({
  operation: 'CreateKey',
  source: 'importFamilies',
  recorded: true,
  situation: `${KeySpec} with Origin EXTERNAL`,
  ask: async () => ({ client: used.client, input: { KeySpec, KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' } }),
  error: ['ValidationException', `KeySpec ${KeySpec} is not supported for Origin EXTERNAL`],
}));

const describing = { operation: 'DescribeKey', source: 'imports', recorded: true } as const;
const expiryMembers = ['KeyMetadata.ExpirationModel', 'KeyMetadata.ValidTo'];
/** Changes a key with imported material, and asks for its metadata. */
const askAfter =
  (change: (imported: Imported) => Promise<unknown>, request: CreateKeyCommandInput = {}) =>
  async (): Promise<Asked> => {
    const imported = await createImported(request);
    await change(imported);
    return { client: used.client, input: { KeyId: imported.KeyId }, values: imported.values };
  };
const remove = ({ KeyId }: Imported) => send(used.client, 'DeleteImportedKeyMaterial', { KeyId });
/** Imports new material, makes it current and returns the ids of both materials. */
async function rotateTo({ KeyId, values }: Imported, material: Uint8Array, request: object = {}) {
  await importMaterial(used.client, KeyId, material, { ...isNew, ...request });
  await send(used.client, 'RotateKeyOnDemand', { KeyId });
  return values;
}

const metadataAnswers: Answer[] = [
  {
    ...describing,
    situation: 'material that was imported',
    ask: askAfter(async () => {}),
    response: { KeyMetadata: { KeyState: 'Enabled', ...doesNotExpire, CurrentKeyMaterialId: '{current}' } },
    absent: ['KeyMetadata.ValidTo'],
  },
  {
    ...describing,
    situation: 'material that was deleted',
    ask: askAfter(remove),
    response: { KeyMetadata: { KeyState: 'PendingImport', Enabled: false, CurrentKeyMaterialId: '{current}' } },
    absent: expiryMembers,
  },
  {
    ...describing,
    situation: 'material that expired',
    ask: askAfter(async ({ KeyId, material }) => {
      await importMaterial(used.client, KeyId, material, { ValidTo: inHours(1) });
      used.emulator.clock.advance(2 * hourMs);
      await describeKey(used.client, KeyId);
      used.emulator.clock.advance(-2 * hourMs);
    }),
    response: { KeyMetadata: { KeyState: 'PendingImport', Enabled: false, CurrentKeyMaterialId: '{current}' } },
    absent: expiryMembers,
  },
  {
    ...describing,
    situation: 'previous material that was deleted',
    ask: askAfter(async (imported) => {
      const { current } = await rotateTo(imported, randomBytes(32));
      await send(used.client, 'DeleteImportedKeyMaterial', { KeyId: imported.KeyId, KeyMaterialId: current });
    }),
    response: { KeyMetadata: { KeyState: 'PendingImport', Enabled: false } },
    absent: expiryMembers,
  },
  ...(['SYMMETRIC_DEFAULT', 'HMAC_256'] as const).map((KeySpec) => ({
    ...describing,
    recorded: KeySpec === 'SYMMETRIC_DEFAULT',
    situation: `${KeySpec} key that was disabled when its material was imported again`,
    ask: askAfter(
      async ({ KeyId, material }) => {
        await send(used.client, 'DisableKey', { KeyId });
        await importMaterial(used.client, KeyId, material);
      },
      { KeySpec, KeyUsage: usageOf(KeySpec) },
    ),
    response: { KeyMetadata: { KeyState: 'Enabled', Enabled: true } },
  })),
  {
    ...describing,
    situation: 'deletion that was canceled while the material was missing',
    ask: askAfter(async (imported) => {
      await remove(imported);
      await send(used.client, 'ScheduleKeyDeletion', { KeyId: imported.KeyId, PendingWindowInDays: 7 });
      await send(used.client, 'CancelKeyDeletion', { KeyId: imported.KeyId });
    }),
    response: { KeyMetadata: { KeyState: 'PendingImport' } },
    absent: expiryMembers,
  },
];

const deletionAnswers: Answer[] = [
  {
    operation: 'DeleteImportedKeyMaterial',
    source: 'imports',
    recorded: true,
    situation: 'id that was never imported',
    ask: async () => {
      const { KeyId, values } = await createImported();
      return { client: used.client, input: { KeyId, KeyMaterialId: unknownId }, values };
    },
    error: ['ValidationException', `Key material (id: ${unknownId}) has never been imported into KMS key {arn}.`],
  },
  {
    operation: 'DeleteImportedKeyMaterial',
    source: 'imports',
    recorded: true,
    situation: 'key without material',
    ask: async () => {
      const KeyId = await createExternalKey(used.client);
      const { Arn = '' } = await describeKey(used.client, KeyId);
      return { client: used.client, input: { KeyId }, values: { arn: Arn } };
    },
    response: { KeyId: '{arn}' },
    absent: ['KeyMaterialId'],
  },
  {
    operation: 'DeleteImportedKeyMaterial',
    source: 'imports',
    recorded: true,
    situation: 'material that was already deleted',
    ask: askAfter(remove),
    response: { KeyId: '{arn}', KeyMaterialId: '{current}' },
  },
];

/** Imports new material that expires in an hour, and lets it expire. */
async function expirePending({ KeyId }: Imported, material: Uint8Array): Promise<string> {
  const { KeyMaterialId = '' } = await importMaterial(used.client, KeyId, material, { ...isNew, ValidTo: inHours(1) });
  used.emulator.clock.advance(2 * hourMs);
  return KeyMaterialId;
}
/** Asks about a key with current material and expired pending material, and then resets the clock. */
const askExpired = (ask: (imported: Imported, pending: Uint8Array) => Promise<object>) => async (): Promise<Asked> => {
  const imported = await createImported();
  const pending = randomBytes(32);
  const id = await expirePending(imported, pending);
  try {
    const input = { KeyId: imported.KeyId, ...(await ask(imported, pending)) };
    return { client: used.client, input, values: { ...imported.values, pending: id } };
  } finally {
    used.emulator.clock.advance(-2 * hourMs);
  }
};
const all = { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' };
const pendingExpiryAnswers: Answer[] = [
  {
    operation: 'ListKeyRotations',
    source: 'importExpiry',
    recorded: true,
    situation: 'pending material whose ValidTo has passed',
    ask: askExpired(async ({ KeyId }) => {
      await describeKey(used.client, KeyId);
      return all;
    }),
    response: {
      Rotations: [
        { KeyMaterialId: '{current}', KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ...doesNotExpire },
        {
          KeyMaterialId: '{pending}',
          KeyMaterialState: 'PENDING_ROTATION',
          ImportState: 'IMPORTED',
          ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        },
      ],
    },
  },
  {
    ...describing,
    source: 'importExpiry',
    situation: 'pending material whose ValidTo has passed',
    ask: askExpired(async ({ KeyId }) => {
      await describeKey(used.client, KeyId);
      return {};
    }),
    response: { KeyMetadata: { KeyState: 'Enabled', ...doesNotExpire, CurrentKeyMaterialId: '{current}' } },
    absent: ['KeyMetadata.ValidTo'],
  },
  {
    ...importing,
    source: 'importEdges',
    situation: 'pending material whose ValidTo has passed, as new material',
    ask: askExpired(({ KeyId }, pending) => prepareImport(KeyId, pending, isNew)),
    error: [
      'IncorrectKeyMaterialException',
      'Key material (id: {pending}) being imported as NEW_KEY_MATERIAL is already associated with KMS key {arn}.',
    ],
  },
  {
    ...importing,
    recorded: false,
    source: 'importExpiry',
    situation: 'pending material whose ValidTo has passed, again',
    ask: askExpired(({ KeyId }, pending) => prepareImport(KeyId, pending)),
    response: { KeyMaterialId: '{pending}' },
  },
  {
    operation: 'RotateKeyOnDemand',
    source: 'importExpiry',
    recorded: true,
    situation: 'pending material whose ValidTo has passed',
    ask: askExpired(async () => ({})),
    response: { KeyId: '{arn}' },
  },
  {
    ...describing,
    source: 'importExpiry',
    situation: 'rotation to material whose ValidTo had passed',
    ask: askExpired(async ({ KeyId }) => {
      await send(used.client, 'RotateKeyOnDemand', { KeyId });
      return {};
    }),
    response: { KeyMetadata: { KeyState: 'PendingImport', Enabled: false, CurrentKeyMaterialId: '{pending}' } },
    absent: expiryMembers,
  },
  {
    ...describing,
    source: 'importExpiry',
    situation: 'rotation to material whose ValidTo had passed, after another import',
    ask: askExpired(async ({ KeyId }, pending) => {
      await send(used.client, 'RotateKeyOnDemand', { KeyId });
      await importMaterial(used.client, KeyId, pending);
      return {};
    }),
    response: { KeyMetadata: { KeyState: 'Enabled', ...doesNotExpire, CurrentKeyMaterialId: '{pending}' } },
  },
];

/** Creates a multi-Region key with material and a described replica without material. */
const askReplica =
  (
    where: 'primary' | 'replica',
    ask: (replica: { KeyId: string; material: Uint8Array; client: Asked['client'] }) => Promise<object>,
  ) =>
  async (): Promise<Asked> => {
    const material = randomBytes(32);
    const KeyId = await createExternalKey(used.client, { MultiRegion: true });
    await importMaterial(used.client, KeyId, material, { KeyMaterialDescription: 'of the primary' });
    await replicate(used.client, KeyId);
    const replica = clientFor(used.emulator.endpoint, { region: replicaRegion });
    const { CurrentKeyMaterialId = '', Arn = '' } = await describeKey(used.client, KeyId);
    const input = { KeyId, ...(await ask({ KeyId, material, client: replica })) };
    const values = { current: CurrentKeyMaterialId, arn: Arn, replicaArn: Arn.replace('us-east-1', replicaRegion) };
    return { client: where === 'primary' ? used.client : replica, input, values };
  };
const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
const replicaAnswers: Answer[] = [
  {
    ...importing,
    source: 'importReplicas',
    situation: 'new material for a replica',
    ask: askReplica('replica', ({ KeyId, client }) => prepareImport(KeyId, randomBytes(32), isNew, client)),
    error: [
      'ValidationException',
      'Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys',
    ],
  },
  {
    ...importing,
    source: 'importReplicas',
    situation: 'description for a replica',
    ask: askReplica('replica', ({ KeyId, material, client }) =>
      prepareImport(KeyId, material, { KeyMaterialDescription: 'of the replica' }, client),
    ),
    error: ['ValidationException', 'Key material description can only be specified on primary Multi-Region keys'],
  },
  {
    ...importing,
    source: 'importReplicas',
    situation: "other bytes than the primary's, for a replica",
    ask: askReplica('replica', ({ KeyId, client }) => prepareImport(KeyId, randomBytes(32), {}, client)),
    error: unexpected('{current}'),
  },
  {
    operation: 'ListKeyRotations',
    source: 'importReplicas',
    recorded: true,
    situation: 'replica without material',
    ask: askReplica('replica', async () => all),
    response: {
      Rotations: [
        {
          KeyId: '{replicaArn}',
          KeyMaterialId: '{current}',
          KeyMaterialDescription: 'of the primary',
          ImportState: 'PENDING_IMPORT',
          KeyMaterialState: 'CURRENT',
        },
      ],
    },
    absent: ['Rotations.0.ExpirationModel', 'Rotations.0.ValidTo'],
  },
  {
    operation: 'ListKeyRotations',
    source: 'importReplicas',
    recorded: false,
    situation: 'replica of a primary whose description changed',
    ask: askReplica('replica', async ({ KeyId, material }) => {
      await importMaterial(used.client, KeyId, material, { KeyMaterialDescription: 'changed' });
      return all;
    }),
    response: { Rotations: [{ KeyMaterialDescription: 'changed' }] },
  },
  ...(['primary', 'replica'] as const).map((where) => ({
    operation: 'ListKeyRotations' as const,
    source: 'importReplicas' as const,
    recorded: true,
    situation: `${where}, with new material that the replica does not have`,
    ask: askReplica(where, async ({ KeyId }) => {
      await importMaterial(used.client, KeyId, randomBytes(32), isNew);
      return all;
    }),
    response: {
      Rotations: [
        { KeyMaterialState: 'CURRENT' },
        { KeyMaterialState: waits, ImportState: where === 'primary' ? 'IMPORTED' : 'PENDING_IMPORT' },
      ],
    },
  })),
  {
    operation: 'RotateKeyOnDemand',
    source: 'importReplicas',
    recorded: true,
    situation: 'new material that the replica does not have',
    ask: askReplica('primary', async ({ KeyId }) => {
      await importMaterial(used.client, KeyId, randomBytes(32), isNew);
      return {};
    }),
    error: [
      'KMSInvalidStateException',
      'Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.',
    ],
  },
  {
    operation: 'RotateKeyOnDemand',
    source: 'imports',
    recorded: true,
    situation: 'imported key without new material',
    ask: async () => {
      const { client, KeyId, Arn } = await keyOfKind(used.client, 'external');
      return { client, input: { KeyId }, values: { arn: Arn } };
    },
    error: ['KMSInvalidStateException', 'No available key material pending rotation for the key: {arn}.'],
  },
];

testAnswers([
  ...lengthAnswers,
  ...textAnswers,
  ...symmetricMemberAnswers,
  ...wrappingAnswers,
  ...createAnswers,
  ...metadataAnswers,
  ...deletionAnswers,
  ...pendingExpiryAnswers,
  ...replicaAnswers,
]);
