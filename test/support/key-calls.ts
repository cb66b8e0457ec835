import { randomBytes } from 'node:crypto';
import * as kms from '@aws-sdk/client-kms';
import type { KeyOperation } from '../../emulator/core/key-states.ts';
import { keySpecs } from '../../emulator/crypto/key-specs.ts';
import type { AwsOperationName } from '../../functions/all-operations.ts';
import { getImportParameters, importMaterial, wrapMaterial } from './import.ts';
import { createKey } from './keys.ts';

/** The CreateKey request for each type of key. */
export const kinds = {
  symmetric: {},
  signing: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
  mac: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  agreement: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
  kem: { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
  /** A key with imported material. */
  external: { Origin: 'EXTERNAL' },
  /** A primary key with a replica in `replicaRegion`. */
  replicated: { MultiRegion: true },
} as const satisfies Record<string, kms.CreateKeyCommandInput>;

export type Kind = keyof typeof kinds;
export const replicaRegion = 'eu-west-1';

export interface CalledKey {
  readonly client: kms.KMSClient;
  readonly KeyId: string;
  readonly Arn: string;
}

export type Input = Readonly<Record<string, unknown>>;

export interface KeyCall {
  readonly kind: Kind;
  /** The member that identifies the key. The default is KeyId. */
  readonly member?: string;
  /** Prepares a request that succeeds on an enabled key. Runs before the key changes its state. */
  readonly request: (key: CalledKey) => Input | Promise<Input>;
}

const Message = Buffer.from('message');
const Plaintext = Buffer.from('plaintext');
let count = 0;
const uniqueName = () => `alias/test-${process.pid}-${Date.now()}-${++count}`;
/** Returns the root user of the key's account. AWS accepts only principals that exist. */
export const rootOf = ({ Arn }: CalledKey) => `arn:aws:iam::${Arn.split(':')[4]}:root`;
const grantRequest = (key: CalledKey): kms.CreateGrantCommandInput & Input => ({
  KeyId: key.KeyId,
  GranteePrincipal: rootOf(key),
  Operations: ['DescribeKey'],
});
const grantOn = async (key: CalledKey) => key.client.send(new kms.CreateGrantCommand(grantRequest(key)));
const aliasOn = async ({ client, KeyId }: CalledKey) => {
  const AliasName = uniqueName();
  await client.send(new kms.CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  return AliasName;
};
const encrypted = async ({ client, KeyId }: CalledKey) =>
  (await client.send(new kms.EncryptCommand({ KeyId, Plaintext }))).CiphertextBlob;
const importOf = async ({ client, KeyId }: CalledKey, material: Uint8Array): Promise<Input> => {
  const parameters = await getImportParameters(client, KeyId);
  const { ImportToken } = parameters;
  const EncryptedKeyMaterial = wrapMaterial(parameters, material);
  return { ImportToken, EncryptedKeyMaterial, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
};

const nothing = () => ({});
const call = (kind: Kind, request: KeyCall['request'] = nothing, member?: string): KeyCall => ({
  kind,
  request,
  ...(member === undefined ? {} : { member }),
});
const signing = { Message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const mac = { Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
const kem = { EncapsulationAlgorithm: 'ML_KEM' } as const;

/** A call for each operation on a key. */
export const keyCalls: Readonly<Record<KeyOperation, KeyCall>> = {
  CancelKeyDeletion: call('symmetric'),
  CreateAlias: call('symmetric', () => ({ AliasName: uniqueName() }), 'TargetKeyId'),
  CreateGrant: call('symmetric', grantRequest),
  Decapsulate: call('kem', async ({ client, KeyId }) => {
    const { SharedSecretCiphertextBlob } = await client.send(new kms.EncapsulateCommand({ KeyId, ...kem }));
    return { ...kem, SharedSecretCiphertextBlob };
  }),
  Decrypt: call('symmetric', async (key) => ({ CiphertextBlob: await encrypted(key) })),
  DeleteAlias: call('symmetric', async (key) => ({ AliasName: await aliasOn(key) }), 'none'),
  DeleteImportedKeyMaterial: call('external'),
  DeriveSharedSecret: call('agreement', async ({ client, KeyId }) => {
    const { PublicKey } = await client.send(new kms.GetPublicKeyCommand({ KeyId }));
    return { KeyAgreementAlgorithm: 'ECDH', PublicKey };
  }),
  DescribeKey: call('symmetric'),
  DisableKey: call('symmetric'),
  DisableKeyRotation: call('symmetric'),
  EnableKey: call('symmetric'),
  EnableKeyRotation: call('symmetric'),
  Encapsulate: call('kem', () => kem),
  Encrypt: call('symmetric', () => ({ Plaintext })),
  GenerateDataKey: call('symmetric', () => ({ KeySpec: 'AES_256' })),
  GenerateDataKeyPair: call('symmetric', () => ({ KeyPairSpec: 'ECC_NIST_P256' })),
  GenerateDataKeyPairWithoutPlaintext: call('symmetric', () => ({ KeyPairSpec: 'ECC_NIST_P256' })),
  GenerateDataKeyWithoutPlaintext: call('symmetric', () => ({ KeySpec: 'AES_256' })),
  GenerateMac: call('mac', () => mac),
  GetKeyLastUsage: call('symmetric'),
  GetKeyPolicy: call('symmetric'),
  GetKeyRotationStatus: call('symmetric'),
  GetParametersForImport: call('external', () => ({
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })),
  GetPublicKey: call('signing'),
  ImportKeyMaterial: call('external', (key) => importOf(key, materials.get(key.Arn) ?? randomBytes(32))),
  ListAliases: call('symmetric'),
  ListGrants: call('symmetric'),
  ListKeyPolicies: call('symmetric'),
  ListKeyRotations: call('symmetric'),
  ListResourceTags: call('symmetric'),
  PutKeyPolicy: call('symmetric', async ({ client, KeyId }) => {
    const { Policy } = await client.send(new kms.GetKeyPolicyCommand({ KeyId }));
    return { Policy };
  }),
  ReEncrypt: call(
    'symmetric',
    async (key) => ({ CiphertextBlob: await encrypted(key), DestinationKeyId: (await createKey(key.client)).KeyId }),
    'SourceKeyId',
  ),
  ReplicateKey: call('replicated', () => ({ ReplicaRegion: 'us-west-2' })),
  RetireGrant: call('symmetric', async (key) => ({ GrantId: (await grantOn(key)).GrantId })),
  RevokeGrant: call('symmetric', async (key) => ({ GrantId: (await grantOn(key)).GrantId })),
  RotateKeyOnDemand: call('symmetric'),
  ScheduleKeyDeletion: call('symmetric', () => ({ PendingWindowInDays: 7 })),
  Sign: call('signing', () => signing),
  TagResource: call('symmetric', () => ({ Tags: [{ TagKey: 'a', TagValue: '1' }] })),
  UntagResource: call('symmetric', () => ({ TagKeys: ['a'] })),
  UpdateAlias: call(
    'symmetric',
    async ({ client }) => ({ AliasName: await aliasOn({ client, ...(await createKey(client)) }) }),
    'TargetKeyId',
  ),
  UpdateKeyDescription: call('symmetric', () => ({ Description: 'new' })),
  UpdatePrimaryRegion: call('replicated', () => ({ PrimaryRegion: replicaRegion })),
  Verify: call('signing', async ({ client, KeyId }) => {
    const { Signature } = await client.send(new kms.SignCommand({ KeyId, ...signing }));
    return { ...signing, Signature };
  }),
  VerifyMac: call('mac', async ({ client, KeyId }) => {
    const { Mac } = await client.send(new kms.GenerateMacCommand({ KeyId, ...mac }));
    return { ...mac, Mac };
  }),
};

/** The material in each key, by ARN. Only the same material can be imported again. */
const materials = new Map<string, Uint8Array>();

/** Creates an enabled key of this type. `request` adds members to the CreateKey request. */
export async function keyOfKind(
  client: kms.KMSClient,
  kind: Kind,
  request: kms.CreateKeyCommandInput = {},
): Promise<CalledKey> {
  const { KeyId, Arn, Origin, KeySpec } = await createKey(client, { ...kinds[kind], ...request });
  if (Origin === 'EXTERNAL') {
    const material = await keySpecs[KeySpec ?? 'SYMMETRIC_DEFAULT'].generateMaterial();
    materials.set(Arn, material);
    // A private key is too long for direct wrapping with RSA.
    const algorithm = material.length > 64 ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256';
    await importMaterial(client, KeyId, material, {}, await getImportParameters(client, KeyId, algorithm));
  }
  if (kind === 'replicated') await replicate(client, KeyId);
  return { client, KeyId, Arn };
}

export async function replicate(client: kms.KMSClient, KeyId: string, ReplicaRegion = replicaRegion): Promise<void> {
  await client.send(new kms.ReplicateKeyCommand({ KeyId, ReplicaRegion }));
  await untilEnabled(client, KeyId);
}

/** Waits until a replica is enabled. AWS takes seconds, and the primary key accepts no other replica before that. */
async function untilEnabled(client: kms.KMSClient, KeyId: string): Promise<void> {
  for (let left = 60; left > 0; left -= 1) {
    const { KeyMetadata } = await client.send(new kms.DescribeKeyCommand({ KeyId }));
    if (KeyMetadata?.KeyState !== 'Updating' && KeyMetadata?.KeyState !== 'Creating') return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Prepares the request for an operation on a key. */
export async function requestOn(operation: KeyOperation, key: CalledKey): Promise<Input> {
  const { member = 'KeyId', request } = keyCalls[operation];
  const prepared = await request(key);
  return member === 'none' ? prepared : { ...prepared, [member]: key.KeyId };
}

type Command = Parameters<kms.KMSClient['send']>[0];

/** Calls an operation by name. */
export function send(client: kms.KMSClient, operation: AwsOperationName, input: Input): Promise<unknown> {
  const Command = (kms as unknown as Record<string, new (input: Input) => Command>)[`${operation}Command`];
  if (Command === undefined) throw new TypeError(`The SDK does not have a ${operation}Command.`);
  return client.send(new Command(input));
}
