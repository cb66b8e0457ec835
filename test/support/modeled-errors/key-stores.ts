import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { requireOwnEmulator } from '../emulator.ts';
import { type Input, send } from '../key-calls.ts';
import { cloudHsm, createKeyStore, external, vpc } from '../key-stores.ts';
import { connectedKeyStore, keyStoreIn, ownAccount } from './own-key-stores.ts';
import { type ModeledError, row, rowsFor } from './rows.ts';

const noKeyStore = { CustomKeyStoreId: 'cks-00000000000000000' };
const inKeyStore = (CustomKeyStoreId: string) => ({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId }) as const;

/** The member whose value must differ between key stores, by error. */
const shared: readonly (readonly [error: ErrorCode, first: () => Input, member: string])[] = [
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

export const keyStores: readonly ModeledError[] = [
  ...rowsFor(
    'CustomKeyStoreNotFoundException',
    [
      'ConnectCustomKeyStore',
      'DeleteCustomKeyStore',
      'DescribeCustomKeyStores',
      'DisconnectCustomKeyStore',
      'UpdateCustomKeyStore',
    ],
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
    requireOwnEmulator('a call cannot make a connection fail');
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
