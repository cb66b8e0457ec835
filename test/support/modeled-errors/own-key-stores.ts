import { randomBytes } from 'node:crypto';
import type * as kms from '@aws-sdk/client-kms';
import { clientFor, requireEmulator } from '../emulator.ts';
import { send } from '../key-calls.ts';
import { cloudHsm, createKeyStore } from '../key-stores.ts';
import type { World } from './rows.ts';

/** Returns a client in a new account, because an account can contain only a few key stores. */
export function ownAccount({ emulator }: World): kms.KMSClient {
  requireEmulator('a custom key store requires a cluster or a proxy');
  const account = String(randomBytes(6).readUIntBE(0, 6) % 1e12).padStart(12, '0');
  return clientFor(emulator.endpoint, { account });
}

export async function keyStoreIn(world: World) {
  const client = ownAccount(world);
  return { client, CustomKeyStoreId: await createKeyStore(client, cloudHsm()) };
}

export async function connectedKeyStore(world: World) {
  const keyStore = await keyStoreIn(world);
  await send(keyStore.client, 'ConnectCustomKeyStore', { CustomKeyStoreId: keyStore.CustomKeyStoreId });
  return keyStore;
}
