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
import { type KeyStateName, keyStateErrors, keyStates, keyStateTable } from '../../support/key-state-table.ts';
import { cloudHsm, createKeyStore } from '../../support/key-stores.ts';
import { failingStates, setTransientState } from '../../support/states.ts';

const used = useEmulator({});

/** The end of AWS's error message, for each state with a known message. */
const messages: Readonly<Partial<Record<KeyStateName, string>>> = Object.fromEntries(
  failingStates.map(([state, , text]) => [state, text]),
);

let keyStore = '';
async function prepareKeyStore(): Promise<void> {
  requireEmulator('a custom key store requires a cluster');
  if (keyStore !== '') return;
  keyStore = await createKeyStore(used.client, cloudHsm());
  await connect();
}
const connect = () => used.client.send(new kms.ConnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStore }));
const disconnect = () => used.client.send(new kms.DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStore }));

/** Creates an enabled key that can enter the state. */
async function createKeyFor(kind: Kind, state: KeyStateName): Promise<CalledKey> {
  const { client } = used;
  if (state === 'PendingImport') return keyOfKind(client, kind, { Origin: 'EXTERNAL' });
  if (state === 'PendingReplicaDeletion') {
    const key = await keyOfKind(client, kind, { MultiRegion: true });
    if (kind !== 'replicated') await send(client, 'ReplicateKey', { KeyId: key.KeyId, ReplicaRegion: replicaRegion });
    return key;
  }
  // A primary with a replica enters PendingReplicaDeletion instead.
  if (state === 'PendingDeletion' && kind === 'replicated')
    return keyOfKind(client, 'symmetric', { MultiRegion: true });
  if (state === 'Creating' || state === 'Updating') return keyOfKind(client, kind, { MultiRegion: true });
  if (state !== 'Unavailable') return keyOfKind(client, kind);
  await prepareKeyStore();
  await connect();
  return keyOfKind(client, 'symmetric', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: keyStore });
}

const enterState: Readonly<Record<KeyStateName, (key: CalledKey) => unknown>> = {
  Enabled: () => {},
  Disabled: ({ KeyId }) => send(used.client, 'DisableKey', { KeyId }),
  PendingImport: ({ KeyId }) => send(used.client, 'DeleteImportedKeyMaterial', { KeyId }),
  PendingDeletion: ({ KeyId }) => send(used.client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }),
  Unavailable: disconnect,
  Creating: (key) => setTransientState(used.emulator, key, 'Creating'),
  Updating: (key) => setTransientState(used.emulator, key, 'Updating'),
  PendingReplicaDeletion: ({ KeyId }) => send(used.client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }),
};

/** Prepares the request. A key in a key store cannot have imported material, so another key provides those members. */
async function prepareRequest(operation: KeyOperation, key: CalledKey, state: KeyStateName) {
  const needsMaterial = keyCalls[operation].kind === 'external';
  if (state !== 'Unavailable' || !needsMaterial) return requestOn(operation, key);
  const other = await keyOfKind(used.client, 'external');
  return { ...(await requestOn(operation, other)), KeyId: key.KeyId };
}

describe.for(Object.entries(keyStateTable) as [KeyOperation, string][])('%s', ([operation, row]) => {
  const cells = row
    .split(' ')
    .map((cell, index) => [keyStates[index] as KeyStateName, cell, keyStateErrors[cell] ?? 'no error'] as const);
  const { kind } = keyCalls[operation];

  test.for(cells.filter(([, cell]) => cell !== '-'))(
    'the operation on a key in state $0 returns $2',
    async ([state, cell]) => {
      const key = await createKeyFor(kind, state);
      const input = await prepareRequest(operation, key, state);
      await enterState[state](key);
      const { KeyMetadata } = await used.client.send(new kms.DescribeKeyCommand({ KeyId: key.KeyId }));
      expect(KeyMetadata?.KeyState).toBe(state);
      const response = send(used.client, operation, input);
      if (cell === '+') await response;
      else {
        const { name, message } = await catchError(response);
        expect(name).toBe(keyStateErrors[cell]);
        const text = cell === 'U' || operation === 'CancelKeyDeletion' ? undefined : messages[state];
        if (text !== undefined) expect(message).toBe(`${key.Arn} ${text}`);
      }
    },
  );
});

describe('effects on keys that are not enabled', () => {
  const readState = async (KeyId: string) =>
    (await used.client.send(new kms.DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

  test('DisableKey changes the state of an unavailable key when its key store connects', async () => {
    const { KeyId } = await createKeyFor('symmetric', 'Unavailable');
    await disconnect();
    await send(used.client, 'DisableKey', { KeyId });
    expect(await readState(KeyId)).toBe('Unavailable');
    await connect();
    expect(await readState(KeyId)).toBe('Disabled');
  });

  test('UpdateAlias moves an alias from a key that is pending deletion', async () => {
    const [from, to] = [await keyOfKind(used.client, 'symmetric'), await keyOfKind(used.client, 'symmetric')];
    const { AliasName } = (await requestOn('DeleteAlias', from)) as { AliasName: string };
    await enterState.PendingDeletion(from);
    await send(used.client, 'UpdateAlias', { AliasName, TargetKeyId: to.KeyId });
    expect(await readState(AliasName)).toBe('Enabled');
  });

  test('DeleteImportedKeyMaterial does not change the state of a key that is pending deletion', async () => {
    const key = await keyOfKind(used.client, 'external');
    await enterState.PendingDeletion(key);
    await send(used.client, 'DeleteImportedKeyMaterial', { KeyId: key.KeyId });
    expect(await readState(key.KeyId)).toBe('PendingDeletion');
  });

  test('UpdatePrimaryRegion rejects a disabled replica', async () => {
    const key = await keyOfKind(used.client, 'replicated');
    const replica = clientFor(used.emulator.endpoint, { region: replicaRegion });
    await send(replica, 'DisableKey', { KeyId: key.KeyId });
    const input = await requestOn('UpdatePrimaryRegion', key);
    expect((await catchError(send(used.client, 'UpdatePrimaryRegion', input))).name).toBe('DisabledException');
  });
});
