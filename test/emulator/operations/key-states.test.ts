import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { KeyOperation } from '../../../emulator/core/key-states.ts';
import { catchError, clientFor, requireEmulator, useEmulator } from '../../support/emulator.ts';
import {
  type CalledKey,
  type Kind,
  keyCalls,
  keyOfKind,
  replicaRegion,
  requestOn,
  send,
} from '../../support/key-calls.ts';
import { cloudHsm, createKeyStore } from '../../support/key-stores.ts';
import { setTransientState } from '../../support/states.ts';

const used = useEmulator({});

const states = [
  'Enabled',
  'Disabled',
  'PendingImport',
  'PendingDeletion',
  'Unavailable',
  'Creating',
  'Updating',
  'PendingReplicaDeletion',
] as const;
type State = (typeof states)[number];

/**
 * AWS's key-states page (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html), cell by cell, in the order
 * of `states`: `+` succeeds, D DisabledException, I KMSInvalidStateException, U UnsupportedOperationException, `-` no key
 * that the operation takes can be in that state. Written apart from the table that the emulator obeys.
 */
const table: Readonly<Record<KeyOperation, string>> = {
  CancelKeyDeletion: 'I I I + I I I +',
  CreateAlias: '+ + + I + + + I',
  CreateGrant: '+ D I I + I + I',
  Decapsulate: '+ D I I - I + I',
  Decrypt: '+ D I I I I + I',
  DeleteAlias: '+ + + + + + + +',
  DeleteImportedKeyMaterial: '+ + + + U I I +',
  DeriveSharedSecret: '+ D I I - I + I',
  DescribeKey: '+ + + + + + + +',
  DisableKey: '+ + I I + I I I',
  DisableKeyRotation: '+ D U I U I I I',
  EnableKey: '+ + I I + I I I',
  EnableKeyRotation: '+ D U I U I I I',
  Encapsulate: '+ D I I - I + I',
  Encrypt: '+ D I I I I + I',
  GenerateDataKey: '+ D I I I I + I',
  GenerateDataKeyPair: '+ D I I I I + I',
  GenerateDataKeyPairWithoutPlaintext: '+ D I I I I + I',
  GenerateDataKeyWithoutPlaintext: '+ D I I I I + I',
  GenerateMac: '+ D I I - I + I',
  GetKeyLastUsage: '+ + + + + + + +',
  GetKeyPolicy: '+ + + + + + + +',
  GetKeyRotationStatus: '+ + U + U + + +',
  GetParametersForImport: '+ + + I U I I I',
  // The page says DisabledException of a disabled key; AWS answers, as recorded from it.
  GetPublicKey: '+ + I I - I + I',
  ImportKeyMaterial: '+ + + I U I I I',
  ListAliases: '+ + + + + + + +',
  ListGrants: '+ + + + + + + +',
  ListKeyPolicies: '+ + + + + + + +',
  ListKeyRotations: '+ + + + U + + +',
  ListResourceTags: '+ + + + + + + +',
  PutKeyPolicy: '+ + + + + + + +',
  ReEncrypt: '+ D I I I I + I',
  ReplicateKey: '+ D I I U I I I',
  RetireGrant: '+ + + + + + + +',
  RevokeGrant: '+ + + + + + + +',
  RotateKeyOnDemand: '+ D I I U I I I',
  ScheduleKeyDeletion: '+ + + I + I I I',
  Sign: '+ D I I - I + I',
  TagResource: '+ + + I + + + I',
  UntagResource: '+ + + I + + + I',
  UpdateAlias: '+ + + I + + + I',
  UpdateKeyDescription: '+ + + I + + + I',
  UpdatePrimaryRegion: '+ D I I U I I I',
  Verify: '+ D I I - I + I',
  VerifyMac: '+ D I I - I + I',
};

const errors: Readonly<Record<string, string>> = {
  D: 'DisabledException',
  I: 'KMSInvalidStateException',
  U: 'UnsupportedOperationException',
};

let keyStore = '';
const keyStoreIsReady = async () => {
  requireEmulator('a custom key store needs a cluster');
  if (keyStore !== '') return;
  keyStore = await createKeyStore(used.client, cloudHsm());
  await connect();
};
const connect = () => used.client.send(new kms.ConnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStore }));
const disconnect = () => used.client.send(new kms.DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStore }));

/** A key that can be in the state, still enabled. */
async function keyFor(kind: Kind, state: State): Promise<CalledKey> {
  const { client } = used;
  if (state === 'PendingImport') return keyOfKind(client, kind, { Origin: 'EXTERNAL' });
  if (state === 'PendingReplicaDeletion') {
    const key = await keyOfKind(client, kind, { MultiRegion: true });
    if (kind !== 'replicated') await send(client, 'ReplicateKey', { KeyId: key.KeyId, ReplicaRegion: replicaRegion });
    return key;
  }
  // A primary that has a replica waits for that first.
  if (state === 'PendingDeletion' && kind === 'replicated')
    return keyOfKind(client, 'symmetric', { MultiRegion: true });
  if (state === 'Creating' || state === 'Updating') return keyOfKind(client, kind, { MultiRegion: true });
  if (state !== 'Unavailable') return keyOfKind(client, kind);
  await keyStoreIsReady();
  await connect();
  return keyOfKind(client, 'symmetric', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: keyStore });
}

const entering: Readonly<Record<State, (key: CalledKey) => unknown>> = {
  Enabled: () => {},
  Disabled: ({ KeyId }) => send(used.client, 'DisableKey', { KeyId }),
  PendingImport: ({ KeyId }) => send(used.client, 'DeleteImportedKeyMaterial', { KeyId }),
  PendingDeletion: ({ KeyId }) => send(used.client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }),
  Unavailable: disconnect,
  Creating: (key) => setTransientState(used.emulator, key, 'Creating'),
  Updating: (key) => setTransientState(used.emulator, key, 'Updating'),
  PendingReplicaDeletion: ({ KeyId }) => send(used.client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }),
};

/** What an operation cannot be prepared with on any but its own kind of key: there, the request alone is refused. */
async function requestFor(operation: KeyOperation, key: CalledKey, state: State) {
  const needsMaterial = keyCalls[operation].kind === 'external';
  if (state !== 'Unavailable' || !needsMaterial) return requestOn(operation, key);
  const other = await keyOfKind(used.client, 'external');
  return { ...(await requestOn(operation, other)), KeyId: key.KeyId };
}

describe.for(Object.entries(table) as [KeyOperation, string][])('%s', ([operation, row]) => {
  const cells = row.split(' ').map((cell, index) => [states[index] as State, cell] as const);
  const { kind } = keyCalls[operation];

  test.for(cells.filter(([, cell]) => cell !== '-'))('on a key that is %s: %s', async ([state, cell]) => {
    const key = await keyFor(kind, state);
    const input = await requestFor(operation, key, state);
    await entering[state](key);
    const { KeyMetadata } = await used.client.send(new kms.DescribeKeyCommand({ KeyId: key.KeyId }));
    expect(KeyMetadata?.KeyState).toBe(state);
    const answer = send(used.client, operation, input);
    if (cell === '+') await answer;
    else expect((await catchError(answer)).name).toBe(errors[cell]);
  });
});

describe('what a call does in a state that is not Enabled', () => {
  const stateOf = async (KeyId: string) =>
    (await used.client.send(new kms.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

  test('EnableKey and DisableKey on an unavailable key count once it is available', async () => {
    const { KeyId } = await keyFor('symmetric', 'Unavailable');
    await disconnect();
    await send(used.client, 'DisableKey', { KeyId });
    expect(await stateOf(KeyId)).toBe('Unavailable');
    await connect();
    expect(await stateOf(KeyId)).toBe('Disabled');
  });

  test('UpdateAlias takes an alias away from a key that is pending deletion', async () => {
    const [from, to] = [await keyOfKind(used.client, 'symmetric'), await keyOfKind(used.client, 'symmetric')];
    const { AliasName } = (await requestOn('DeleteAlias', from)) as { AliasName: string };
    await entering.PendingDeletion(from);
    await send(used.client, 'UpdateAlias', { AliasName, TargetKeyId: to.KeyId });
    expect(await stateOf(AliasName)).toBe('Enabled');
  });

  test('DeleteImportedKeyMaterial leaves a key that is pending deletion as it is', async () => {
    const key = await keyOfKind(used.client, 'external');
    await entering.PendingDeletion(key);
    await send(used.client, 'DeleteImportedKeyMaterial', { KeyId: key.KeyId });
    expect(await stateOf(key.KeyId)).toBe('PendingDeletion');
  });

  test('UpdatePrimaryRegion needs the replica enabled too', async () => {
    const key = await keyOfKind(used.client, 'replicated');
    const replica = clientFor(used.emulator.endpoint, { region: replicaRegion });
    await send(replica, 'DisableKey', { KeyId: key.KeyId });
    const input = await requestOn('UpdatePrimaryRegion', key);
    expect((await catchError(send(used.client, 'UpdatePrimaryRegion', input))).name).toBe('DisabledException');
  });
});
