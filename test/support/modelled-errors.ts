import { randomBytes, randomUUID } from 'node:crypto';
import type * as kms from '@aws-sdk/client-kms';
import type { Emulator } from '../../emulator/server.ts';
import { clientFor, requireEmulator, requireOwnEmulator } from './emulator.ts';
import { parametersFor, wrap } from './import.ts';
import { type CalledKey, type Input, type Kind, keyCalls, keyOfKind, requestOn, rootOf, send } from './key-calls.ts';
import { cloudHsm, createKeyStore, external, vpc } from './key-stores.ts';
import { putInto } from './states.ts';

/** What a row arranges with. */
export interface World {
  readonly client: kms.KMSClient;
  readonly emulator: Emulator;
}

/** Gives the request that is to be refused, and the client for it where it is not the world's. */
type Arrange = (world: World) => Promise<Input | { readonly client: kms.KMSClient; readonly input: Input }>;

export interface ModelledError {
  readonly operation: string;
  readonly error: string;
  readonly arrange: Arrange;
}

const rowsFor = (error: string, operations: string, arrange: (operation: string) => Arrange): ModelledError[] =>
  operations.split(' ').map((operation) => ({ operation, error, arrange: arrange(operation) }));
const row = (operation: string, error: string, arrange: Arrange): ModelledError => ({ operation, error, arrange });

const cryptographic =
  'Decapsulate Decrypt DeriveSharedSecret Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac ReEncrypt Sign Verify VerifyMac';
/** Operations that take a key by its id or ARN. */
const onKeys = Object.keys(keyCalls).filter((operation) => keyCalls[operation]?.member !== 'none');
const onKeysWithArn =
  'CancelKeyDeletion CreateGrant DeleteImportedKeyMaterial DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription UpdatePrimaryRegion';

const keyFor = (world: World, operation: string, request: kms.CreateKeyCommandInput = {}) =>
  keyOfKind(world.client, keyCalls[operation]?.kind ?? 'symmetric', request);

/** The operation's own valid request, changed. */
const changed =
  (operation: string, change: Input | ((key: CalledKey) => Input)): Arrange =>
  async (world) => {
    const key = await keyFor(world, operation);
    const request = await requestOn(operation, key);
    return { ...request, ...(typeof change === 'function' ? change(key) : change) };
  };

const keyMember = (operation: string) => keyCalls[operation]?.member ?? 'KeyId';

/** The same once its key was led into another state. */
const inState =
  (operation: string, enter: (key: CalledKey) => unknown): Arrange =>
  async (world) => {
    const key = await keyFor(world, operation);
    const request = await requestOn(operation, key);
    await enter(key);
    return request;
  };
const disable = ({ client, KeyId }: CalledKey) => send(client, 'DisableKey', { KeyId });
const schedule = ({ client, KeyId }: CalledKey) =>
  send(client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });

/** The operation's own request on a key of another kind, which is enabled. */
const onKind =
  (operation: string, kind: Kind, request: kms.CreateKeyCommandInput = {}): Arrange =>
  async (world) => {
    const other = await keyOfKind(world.client, kind, request);
    return { ...(await changed(operation, {})(world)), [keyMember(operation)]: other.KeyId };
  };

const badPolicy = { Policy: '{' };
const longPolicy = { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'x'.repeat(33_000), Statement: [] }) };
const badTags = { Tags: [{ TagKey: 'aws:mine', TagValue: '' }] };
const token = { GrantTokens: ['no-token'] };
const marker = { Marker: 'no-marker' };
const aliasName = () => `alias/test-${randomUUID()}`;

const generic: readonly ModelledError[] = [
  ...rowsFor('NotFoundException', onKeys.join(' '), (operation) =>
    changed(operation, { [keyMember(operation)]: randomUUID() }),
  ),
  ...rowsFor('InvalidArnException', onKeysWithArn, (operation) =>
    changed(operation, { [keyMember(operation)]: 'arn:aws:kms:us-east-1' }),
  ),
  ...rowsFor('DisabledException', `${cryptographic} CreateGrant`, (operation) => inState(operation, disable)),
  ...rowsFor(
    'DisabledException',
    'DisableKeyRotation EnableKeyRotation ReplicateKey RotateKeyOnDemand UpdatePrimaryRegion',
    (operation) => inState(operation, disable),
  ),
  ...rowsFor(
    'KMSInvalidStateException',
    `${cryptographic} CreateAlias CreateGrant DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetParametersForImport GetPublicKey ImportKeyMaterial ReplicateKey RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion`,
    (operation) => inState(operation, schedule),
  ),
  row('CancelKeyDeletion', 'KMSInvalidStateException', changed('CancelKeyDeletion', {})),
  row('DeleteImportedKeyMaterial', 'KMSInvalidStateException', async (world) => {
    const key = await keyFor(world, 'DeleteImportedKeyMaterial', { MultiRegion: true });
    putInto(world.emulator, key, 'Updating');
    return requestOn('DeleteImportedKeyMaterial', key);
  }),
  ...rowsFor('DryRunOperationException', `${cryptographic} CreateGrant RetireGrant RevokeGrant`, (operation) =>
    changed(operation, { DryRun: true }),
  ),
  ...rowsFor('InvalidGrantTokenException', `${cryptographic} CreateGrant GetPublicKey`, (operation) =>
    changed(operation, token),
  ),
  ...rowsFor('InvalidKeyUsageException', cryptographic, (operation) => {
    // A ciphertext names its key: what is wrong here is the algorithm.
    if (operation === 'Decrypt') return changed(operation, { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' });
    if (operation === 'ReEncrypt') return onKindAsDestination;
    return onKind(operation, keyCalls[operation]?.kind === 'mac' ? 'signing' : 'mac');
  }),
  ...rowsFor('InvalidMarkerException', 'ListAliases ListGrants ListKeyRotations ListResourceTags', (operation) =>
    changed(operation, marker),
  ),
  ...rowsFor('InvalidMarkerException', 'DescribeCustomKeyStores ListKeys', () => async () => marker),
  row('ListRetirableGrants', 'InvalidMarkerException', async (world) => ({
    ...marker,
    RetiringPrincipal: rootOf(await keyFor(world, 'CreateGrant')),
  })),
  ...rowsFor('TagException', 'ReplicateKey TagResource', (operation) => changed(operation, badTags)),
  row('UntagResource', 'TagException', changed('UntagResource', { TagKeys: ['aws:mine'] })),
  row('CreateKey', 'TagException', async () => badTags),
  ...rowsFor('MalformedPolicyDocumentException', 'PutKeyPolicy ReplicateKey', (operation) =>
    changed(operation, badPolicy),
  ),
  row('CreateKey', 'MalformedPolicyDocumentException', async () => badPolicy),
];

async function onKindAsDestination(world: World): Promise<Input> {
  const { KeyId: DestinationKeyId } = await keyOfKind(world.client, 'mac');
  return changed('ReEncrypt', { DestinationKeyId })(world) as Promise<Input>;
}

const aliases: readonly ModelledError[] = [
  row('DeleteAlias', 'NotFoundException', async () => ({ AliasName: aliasName() })),
  row('CreateAlias', 'AlreadyExistsException', async (world) => {
    const key = await keyFor(world, 'CreateAlias');
    return { ...(await requestOn('DeleteAlias', key)), TargetKeyId: key.KeyId };
  }),
  row('CreateAlias', 'InvalidAliasNameException', changed('CreateAlias', { AliasName: 'alias/' })),
  ...rowsFor('LimitExceededException', 'CreateAlias UpdateAlias', (operation) => async (world) => {
    const key = await keyFor(world, operation);
    for (let count = 0; count < 50; count += 1) {
      await send(world.client, 'CreateAlias', { AliasName: aliasName(), TargetKeyId: key.KeyId });
    }
    return requestOn(operation, key);
  }),
];

const notAPrincipal = 'arn:aws:iam::x';
const grants: readonly ModelledError[] = [
  ...rowsFor('InvalidGrantIdException', 'ListGrants RetireGrant RevokeGrant', (operation) =>
    changed(operation, { GrantId: 'no-grant' }),
  ),
  row('RetireGrant', 'InvalidGrantTokenException', async () => ({ GrantToken: 'no-token' })),
  row('ListRetirableGrants', 'InvalidArnException', async () => ({ RetiringPrincipal: notAPrincipal })),
  row('CreateGrant', 'LimitExceededException', async (world) => {
    requireOwnEmulator('50,000 grants take too many calls');
    const key = await keyFor(world, 'CreateGrant');
    const request = await requestOn('CreateGrant', key);
    await send(world.client, 'CreateGrant', request);
    const snapshot = world.emulator.snapshot();
    const made = (snapshot.tables.grants ?? []).at(-1) ?? {};
    const more = Array.from({ length: 49_999 }, (_, count) => ({
      ...made,
      seq: Number(made.seq) + 1 + count,
      grant_id: (count + 1).toString(16).padStart(64, '0'),
    }));
    const all = [...(snapshot.tables.grants ?? []), ...more];
    world.emulator.restore({ ...snapshot, tables: { ...snapshot.tables, grants: all } });
    return request;
  }),
];

const hmac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const;
const unsupported: readonly ModelledError[] = [
  row('CreateKey', 'UnsupportedOperationException', async () => ({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' })),
  ...rowsFor(
    'UnsupportedOperationException',
    'DeleteImportedKeyMaterial GetParametersForImport ImportKeyMaterial',
    (operation) => onKind(operation, 'symmetric'),
  ),
  ...rowsFor('UnsupportedOperationException', 'DisableKeyRotation GetKeyRotationStatus', (operation) =>
    onKind(operation, 'external'),
  ),
  ...rowsFor('UnsupportedOperationException', 'EnableKeyRotation ListKeyRotations RotateKeyOnDemand', (operation) =>
    onKind(operation, 'mac', hmac),
  ),
  ...rowsFor('UnsupportedOperationException', 'GetPublicKey ReplicateKey UpdatePrimaryRegion', (operation) =>
    onKind(operation, 'symmetric'),
  ),
  ...rowsFor(
    'UnsupportedOperationException',
    'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext',
    (operation) => async (world) => {
      const { client, CustomKeyStoreId } = await connectedKeyStore(world);
      const key = await keyOfKind(client, 'symmetric', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
      return { client, input: await requestOn(operation, key) };
    },
  ),
  row('GenerateRandom', 'UnsupportedOperationException', async (world) => {
    const client = ownAccount(world);
    return { client, input: { NumberOfBytes: 1, CustomKeyStoreId: await createKeyStore(client, external()) } };
  }),
];

const crypto: readonly ModelledError[] = [
  ...rowsFor('InvalidCiphertextException', 'Decrypt ReEncrypt', (operation) =>
    changed(operation, { CiphertextBlob: randomBytes(100) }),
  ),
  row(
    'Decapsulate',
    'InvalidCiphertextException',
    changed('Decapsulate', { SharedSecretCiphertextBlob: randomBytes(700) }),
  ),
  row('Decrypt', 'IncorrectKeyException', onKind('Decrypt', 'symmetric')),
  row('ReEncrypt', 'IncorrectKeyException', onKind('ReEncrypt', 'symmetric')),
  row('Verify', 'KMSInvalidSignatureException', changed('Verify', { Message: Buffer.from('another') })),
  row('VerifyMac', 'KMSInvalidMacException', changed('VerifyMac', { Message: Buffer.from('another') })),
];

const dayMs = 24 * 60 * 60 * 1000;
const imports: readonly ModelledError[] = [
  row(
    'ImportKeyMaterial',
    'InvalidCiphertextException',
    changed('ImportKeyMaterial', { EncryptedKeyMaterial: randomBytes(256) }),
  ),
  row(
    'ImportKeyMaterial',
    'InvalidImportTokenException',
    changed('ImportKeyMaterial', { ImportToken: randomBytes(1000) }),
  ),
  row('ImportKeyMaterial', 'IncorrectKeyMaterialException', async (world) => {
    const key = await keyFor(world, 'ImportKeyMaterial');
    const request = await requestOn('ImportKeyMaterial', key);
    const parameters = await parametersFor(world.client, key.KeyId);
    const { ImportToken } = parameters;
    return { ...request, ImportToken, EncryptedKeyMaterial: wrap(parameters, randomBytes(32)) };
  }),
  row('ImportKeyMaterial', 'ExpiredImportTokenException', async (world) => {
    const { clock } = world.emulator;
    const request = (await changed('ImportKeyMaterial', {})(world)) as Input;
    clock.advance(dayMs + 1);
    return request;
  }),
];

const keys: readonly ModelledError[] = [
  row('CreateKey', 'LimitExceededException', async () => longPolicy),
  ...rowsFor('LimitExceededException', 'PutKeyPolicy ReplicateKey', (operation) => changed(operation, longPolicy)),
  row('RotateKeyOnDemand', 'LimitExceededException', async (world) => {
    requireEmulator('a rotation takes minutes');
    const { KeyId } = await keyFor(world, 'RotateKeyOnDemand');
    for (let count = 0; count < 25; count += 1) await send(world.client, 'RotateKeyOnDemand', { KeyId });
    return { KeyId };
  }),
  row('RotateKeyOnDemand', 'ConflictException', async (world) => {
    const { clock } = world.emulator;
    const { KeyId } = await keyFor(world, 'RotateKeyOnDemand');
    await send(world.client, 'EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    clock.advance(90 * dayMs - 19 * 60 * 1000);
    return { KeyId };
  }),
  row('ReplicateKey', 'AlreadyExistsException', changed('ReplicateKey', { ReplicaRegion: 'eu-west-1' })),
];

/** Another account of the emulator: an account has few key stores. */
function ownAccount({ emulator }: World): kms.KMSClient {
  requireEmulator('a custom key store needs a cluster or a proxy');
  const account = String(randomBytes(6).readUIntBE(0, 6) % 1e12).padStart(12, '0');
  return clientFor(emulator.endpoint, { account });
}

async function keyStoreIn(world: World) {
  const client = ownAccount(world);
  return { client, CustomKeyStoreId: await createKeyStore(client, cloudHsm()) };
}

async function connectedKeyStore(world: World) {
  const keyStore = await keyStoreIn(world);
  await send(keyStore.client, 'ConnectCustomKeyStore', { CustomKeyStoreId: keyStore.CustomKeyStoreId });
  return keyStore;
}

const noKeyStore = { CustomKeyStoreId: 'cks-00000000000000000' };
const inKeyStore = (CustomKeyStoreId: string) => ({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId }) as const;

/** What a second key store shares with a first, by the error that tells. */
const shared: readonly (readonly [error: string, first: () => Input, member: string])[] = [
  ['CustomKeyStoreNameInUseException', cloudHsmInput, 'CustomKeyStoreName'],
  ['CloudHsmClusterInUseException', cloudHsmInput, 'CloudHsmClusterId'],
  ['XksProxyUriInUseException', externalInput, 'XksProxyUriEndpoint'],
  ['XksProxyUriEndpointInUseException', vpcInput, 'XksProxyUriEndpoint'],
  ['XksProxyVpcEndpointServiceInUseException', vpcInput, 'XksProxyVpcEndpointServiceName'],
];
function cloudHsmInput(): Input {
  return { ...cloudHsm() };
}
function externalInput(): Input {
  return { ...external() };
}
function vpcInput(): Input {
  return { ...vpc(), XksProxyUriPath: `/${randomUUID()}/kms/xks/v1` };
}

const anywhere = 'com.amazonaws.vpce.eu-west-1.vpce-svc-01';

const keyStores: readonly ModelledError[] = [
  ...rowsFor(
    'CustomKeyStoreNotFoundException',
    'ConnectCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores DisconnectCustomKeyStore UpdateCustomKeyStore',
    () => async () => noKeyStore,
  ),
  row('CreateKey', 'CustomKeyStoreNotFoundException', async () => inKeyStore(noKeyStore.CustomKeyStoreId)),
  row('GenerateRandom', 'CustomKeyStoreNotFoundException', async () => ({ NumberOfBytes: 1, ...noKeyStore })),
  row('CreateKey', 'CustomKeyStoreInvalidStateException', async (world) => {
    const { client, CustomKeyStoreId } = await keyStoreIn(world);
    return { client, input: inKeyStore(CustomKeyStoreId) };
  }),
  row('GenerateRandom', 'CustomKeyStoreInvalidStateException', async (world) => {
    const { client, CustomKeyStoreId } = await keyStoreIn(world);
    return { client, input: { NumberOfBytes: 1, CustomKeyStoreId } };
  }),
  row('DisconnectCustomKeyStore', 'CustomKeyStoreInvalidStateException', async (world) => {
    const { client, CustomKeyStoreId } = await keyStoreIn(world);
    return { client, input: { CustomKeyStoreId } };
  }),
  row('DeleteCustomKeyStore', 'CustomKeyStoreInvalidStateException', async (world) => {
    const { client, CustomKeyStoreId } = await connectedKeyStore(world);
    return { client, input: { CustomKeyStoreId } };
  }),
  row('UpdateCustomKeyStore', 'CustomKeyStoreInvalidStateException', async (world) => {
    const { client, CustomKeyStoreId } = await connectedKeyStore(world);
    return { client, input: { CustomKeyStoreId, KeyStorePassword: 'another-password' } };
  }),
  row('ConnectCustomKeyStore', 'CustomKeyStoreInvalidStateException', async (world) => {
    requireOwnEmulator('nothing lets a connection fail');
    const { client, CustomKeyStoreId } = await keyStoreIn(world);
    const snapshot = world.emulator.snapshot();
    const key_stores = (snapshot.tables.key_stores ?? []).map((one) =>
      one.key_store_id === CustomKeyStoreId
        ? { ...one, record: JSON.stringify({ ...JSON.parse(String(one.record)), connectionState: 'FAILED' }) }
        : one,
    );
    world.emulator.restore({ ...snapshot, tables: { ...snapshot.tables, key_stores } });
    return { client, input: { CustomKeyStoreId } };
  }),
  row('DeleteCustomKeyStore', 'CustomKeyStoreHasCMKsException', async (world) => {
    const { client, CustomKeyStoreId } = await connectedKeyStore(world);
    await send(client, 'CreateKey', inKeyStore(CustomKeyStoreId));
    await send(client, 'DisconnectCustomKeyStore', { CustomKeyStoreId });
    return { client, input: { CustomKeyStoreId } };
  }),
  row('CreateKey', 'XksKeyAlreadyInUseException', async (world) => {
    const client = ownAccount(world);
    const CustomKeyStoreId = await createKeyStore(client, external());
    await send(client, 'ConnectCustomKeyStore', { CustomKeyStoreId });
    const input = { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId, XksKeyId: 'external-key' };
    await send(client, 'CreateKey', input);
    return { client, input };
  }),
  row('CreateCustomKeyStore', 'LimitExceededException', async (world) => {
    const client = ownAccount(world);
    for (let count = 0; count < 10; count += 1) await createKeyStore(client, cloudHsm());
    return { client, input: cloudHsmInput() };
  }),
  row('CreateCustomKeyStore', 'IncorrectTrustAnchorException', async () => ({
    ...cloudHsmInput(),
    TrustAnchorCertificate: 'no certificate',
  })),
  row('CreateCustomKeyStore', 'XksProxyVpcEndpointServiceNotFoundException', async () => ({
    ...vpcInput(),
    XksProxyVpcEndpointServiceName: anywhere,
  })),
  row('UpdateCustomKeyStore', 'XksProxyVpcEndpointServiceNotFoundException', async (world) => {
    const client = ownAccount(world);
    const CustomKeyStoreId = await createKeyStore(client, vpc());
    return { client, input: { CustomKeyStoreId, XksProxyVpcEndpointServiceName: anywhere } };
  }),
  ...shared.map(([error, make, member]) =>
    row('CreateCustomKeyStore', error, async (world) => {
      const client = ownAccount(world);
      const first = make();
      await send(client, 'CreateCustomKeyStore', first);
      return { client, input: { ...make(), [member]: first[member] } };
    }),
  ),
  ...shared
    .filter(([error]) => error !== 'CloudHsmClusterInUseException')
    .map(([error, make, member]) =>
      row('UpdateCustomKeyStore', error, async (world) => {
        const client = ownAccount(world);
        const first = make();
        await send(client, 'CreateCustomKeyStore', first);
        const { CustomKeyStoreId } = (await send(client, 'CreateCustomKeyStore', make())) as Record<string, string>;
        const name = member === 'CustomKeyStoreName' ? 'NewCustomKeyStoreName' : member;
        return { client, input: { CustomKeyStoreId, [name]: first[member] } };
      }),
    ),
];

/** Each modelled error of each operation, once: how it comes about. */
export const modelledErrors: readonly ModelledError[] = [
  ...generic,
  ...aliases,
  ...grants,
  ...unsupported,
  ...crypto,
  ...imports,
  ...keys,
  ...keyStores,
];

export const everyOperation = 'every operation';
const ofAnyState = "AWS's key-states page lets the operation pass in every state";
const simulated = 'no cluster, proxy or VPC is asked (decision 13)';
const proxied = 'CreateCustomKeyStore UpdateCustomKeyStore';

/** Modelled errors that cannot come about here, and why. */
export const impossibleErrors: readonly (readonly [error: string, operations: string, reason: string])[] = [
  ['KMSInternalException', everyOperation, 'a fault of the service itself, whose cause no caller can bring about'],
  ['DependencyTimeoutException', everyOperation, 'KMS here has no other service to wait for'],
  ['KeyUnavailableException', everyOperation, 'a passing fault of the service, which tells the caller to try again'],
  [
    'KMSInvalidStateException',
    'DeleteAlias GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies ListKeyRotations PutKeyPolicy RetireGrant RevokeGrant',
    ofAnyState,
  ],
  ['DisabledException', 'GetPublicKey', 'AWS answers for a disabled key, as recorded from it'],
  ['InvalidKeyUsageException', 'GetPublicKey', 'every asymmetric key has a public key, whatever its usage'],
  ['NotFoundException', 'ListRetirableGrants', 'a principal without grants has an empty list'],
  ['InvalidArnException', 'CreateKey', 'the ARNs in a key policy are not looked up'],
  ['UnsupportedOperationException', 'PutKeyPolicy', 'every key here is its customer’s, and takes a policy'],
  ['LimitExceededException', 'EnableKey', 'keys are counted when they are made, whatever their state'],
  ['LimitExceededException', 'TagResource', 'too many tags are a TagException'],
  [
    'CloudHsmClusterInvalidConfigurationException',
    'ConnectCustomKeyStore CreateCustomKeyStore CreateKey UpdateCustomKeyStore',
    simulated,
  ],
  ['CloudHsmClusterNotActiveException', 'ConnectCustomKeyStore CreateCustomKeyStore UpdateCustomKeyStore', simulated],
  ['CloudHsmClusterNotFoundException', proxied, simulated],
  ['CloudHsmClusterNotRelatedException', 'UpdateCustomKeyStore', simulated],
  ['XksKeyInvalidConfigurationException', 'CreateKey', simulated],
  ['XksKeyNotFoundException', 'CreateKey', simulated],
  ['XksProxyIncorrectAuthenticationCredentialException', proxied, simulated],
  ['XksProxyInvalidConfigurationException', proxied, simulated],
  ['XksProxyInvalidResponseException', proxied, simulated],
  ['XksProxyUriUnreachableException', proxied, simulated],
  ['XksProxyVpcEndpointServiceInvalidConfigurationException', proxied, simulated],
];
