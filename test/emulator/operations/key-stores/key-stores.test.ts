import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConnectCustomKeyStoreCommand,
  type CreateCustomKeyStoreCommandInput,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand,
  UpdateCustomKeyStoreCommand,
  type UpdateCustomKeyStoreCommandInput,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../../../emulator/index.ts';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { cloudHsm, createKeyStore, describeKeyStore, external, vpc } from '../../../support/key-stores.ts';

const used = useEmulator({});
let account = 100_000_000_000;

/** Creates a client for a new account, because AWS allows only ten key stores per account and Region. */
function createAccount() {
  account += 1;
  return clientFor(used.emulator.endpoint, { account: String(account) });
}
const update = (client: ReturnType<typeof createAccount>, input: UpdateCustomKeyStoreCommandInput) =>
  client.send(new UpdateCustomKeyStoreCommand(input));
const connect = (client: ReturnType<typeof createAccount>, CustomKeyStoreId: string) =>
  client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
const disconnect = (client: ReturnType<typeof createAccount>, CustomKeyStoreId: string) =>
  client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));

type Request = Partial<CreateCustomKeyStoreCommandInput>;

describe('CreateCustomKeyStore', () => {
  it('CreateCustomKeyStore creates a disconnected CloudHSM key store', async () => {
    const client = createAccount();
    const input = cloudHsm();
    const id = await createKeyStore(client, input);
    expect(id).toMatch(/^cks-[0-9a-f]{17}$/);
    expect(await describeKeyStore(client, id)).toEqual({
      CustomKeyStoreId: id,
      CustomKeyStoreName: input.CustomKeyStoreName,
      CustomKeyStoreType: 'AWS_CLOUDHSM',
      CloudHsmClusterId: input.CloudHsmClusterId,
      TrustAnchorCertificate: input.TrustAnchorCertificate,
      ConnectionState: 'DISCONNECTED',
      CreationDate: expect.any(Date),
    });
  });

  it('CreateCustomKeyStore creates an external key store and does not return its secrets', async () => {
    const client = createAccount();
    const input = vpc();
    const keyStore = await describeKeyStore(client, await createKeyStore(client, input));
    expect(keyStore?.XksProxyConfiguration).toEqual({
      Connectivity: 'VPC_ENDPOINT_SERVICE',
      AccessKeyId: input.XksProxyAuthenticationCredential?.AccessKeyId,
      UriEndpoint: input.XksProxyUriEndpoint,
      UriPath: '/kms/xks/v1',
      VpcEndpointServiceName: input.XksProxyVpcEndpointServiceName,
      VpcEndpointServiceOwner: String(account),
    });
    expect(JSON.stringify(keyStore)).not.toContain(input.XksProxyAuthenticationCredential?.RawSecretAccessKey);
  });

  it('CreateCustomKeyStore does not store secrets on disk', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kms-key-stores-'));
    const emulator = await startEmulator({ directory });
    const client = clientFor(emulator.endpoint);
    const KeyStorePassword = 'a-rare-password';
    const RawSecretAccessKey = 'a-rare-secret/'.repeat(4).replaceAll('-', '+');
    await createKeyStore(client, cloudHsm({ KeyStorePassword }));
    const { XksProxyAuthenticationCredential: credential, ...proxy } = external();
    const AccessKeyId = credential?.AccessKeyId;
    await createKeyStore(client, { ...proxy, XksProxyAuthenticationCredential: { AccessKeyId, RawSecretAccessKey } });
    client.destroy();
    await emulator.close();
    const file = readFileSync(join(directory, 'kms.sqlite'), 'latin1');
    expect(file).toContain(AccessKeyId);
    for (const secret of [KeyStorePassword, RawSecretAccessKey]) expect(file).not.toContain(secret);
    await rm(directory, { recursive: true });
  });

  const missing = (member: string, request: () => Request): [string, string, () => Request] => [
    `a missing ${member}`,
    'ValidationException',
    () => ({ ...request(), [member]: undefined }),
  ];
  it.each<[string, string, () => Request]>([
    ...['CloudHsmClusterId', 'TrustAnchorCertificate', 'KeyStorePassword'].map((member) => missing(member, cloudHsm)),
    ...['XksProxyConnectivity', 'XksProxyUriEndpoint', 'XksProxyUriPath', 'XksProxyAuthenticationCredential'].map(
      (member) => missing(member, external),
    ),
    missing('CustomKeyStoreName', cloudHsm),
    missing('XksProxyVpcEndpointServiceName', vpc),
    ['a password for an external key store', 'ValidationException', () => external({ KeyStorePassword: 'password' })],
    [
      'a proxy path for a CloudHSM key store',
      'ValidationException',
      () => cloudHsm({ XksProxyUriPath: '/kms/xks/v1' }),
    ],
    [
      'a VPC endpoint service for a public endpoint',
      'ValidationException',
      () => vpc({ XksProxyConnectivity: 'PUBLIC_ENDPOINT' }),
    ],
    ['a password that is too short', 'ValidationException', () => cloudHsm({ KeyStorePassword: 'short' })],
    ['a malformed cluster id', 'ValidationException', () => cloudHsm({ CloudHsmClusterId: 'cluster-0' })],
    ['an HTTP endpoint', 'ValidationException', () => external({ XksProxyUriEndpoint: 'http://example.com' })],
    ['a malformed certificate', 'IncorrectTrustAnchorException', () => cloudHsm({ TrustAnchorCertificate: 'x' })],
    [
      'a VPC endpoint service in another Region',
      'XksProxyVpcEndpointServiceNotFoundException',
      () => vpc({ XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-01' }),
    ],
  ])('CreateCustomKeyStore rejects %s with %s', async (_, name, input) => {
    const call = createKeyStore(createAccount(), input() as CreateCustomKeyStoreCommandInput);
    expect((await catchError(call)).name).toBe(name);
  });

  it('CreateCustomKeyStore does not include passwords in error messages', async () => {
    const { message } = await catchError(createKeyStore(createAccount(), cloudHsm({ KeyStorePassword: 'hush' })));
    expect(message).toContain("at 'keyStorePassword'");
    expect(message).not.toContain('hush');
  });

  it.each<[string, () => Request, (taken: Request) => Request]>([
    [
      'CustomKeyStoreNameInUseException',
      cloudHsm,
      ({ CustomKeyStoreName }) => external({ CustomKeyStoreName: CustomKeyStoreName ?? '' }),
    ],
    ['CloudHsmClusterInUseException', cloudHsm, ({ CloudHsmClusterId }) => cloudHsm({ CloudHsmClusterId })],
    ['XksProxyUriInUseException', external, ({ XksProxyUriEndpoint }) => external({ XksProxyUriEndpoint })],
    [
      'XksProxyUriEndpointInUseException',
      external,
      ({ XksProxyUriEndpoint }) => vpc({ XksProxyUriEndpoint, XksProxyUriPath: '/other/kms/xks/v1' }),
    ],
    [
      'XksProxyVpcEndpointServiceInUseException',
      vpc,
      ({ XksProxyVpcEndpointServiceName }) => vpc({ XksProxyVpcEndpointServiceName }),
    ],
  ])('CreateCustomKeyStore throws %s for a value that another key store uses', async (name, taken, wanted) => {
    const client = createAccount();
    const first = taken();
    await createKeyStore(client, first as CreateCustomKeyStoreCommandInput);
    const call = createKeyStore(client, wanted(first) as CreateCustomKeyStoreCommandInput);
    expect((await catchError(call)).name).toBe(name);
  });

  it('CreateCustomKeyStore accepts public endpoints with different paths, and the same endpoint in another account', async () => {
    const client = createAccount();
    const first = external();
    await createKeyStore(client, first);
    await createKeyStore(client, {
      ...first,
      CustomKeyStoreName: 'by path',
      XksProxyUriPath: '/other/kms/xks/v1',
    });
    await createKeyStore(createAccount(), first);
  });

  it('CreateCustomKeyStore allows at most ten key stores per account and Region', async () => {
    const client = createAccount();
    for (let n = 0; n < 10; n += 1) await createKeyStore(client, external());
    expect((await catchError(createKeyStore(client, external()))).name).toBe('LimitExceededException');
  });
});

describe('DescribeCustomKeyStores', () => {
  it('DescribeCustomKeyStores finds a key store by name, and returns pages while key stores are created and deleted', async () => {
    const client = createAccount();
    const requests = [cloudHsm(), external(), cloudHsm()];
    const ids: string[] = [];
    for (const request of requests) ids.push(await createKeyStore(client, request));
    const CustomKeyStoreName = requests[1]?.CustomKeyStoreName;
    const byName = await client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName }));
    expect(byName.CustomKeyStores?.map(({ CustomKeyStoreId }) => CustomKeyStoreId)).toEqual([ids[1]]);
    const first = await client.send(new DescribeCustomKeyStoresCommand({ Limit: 2 }));
    expect(first.Truncated).toBe(true);
    await client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: ids[0] }));
    ids.push(await createKeyStore(client, cloudHsm()));
    const rest = await client.send(new DescribeCustomKeyStoresCommand({ Marker: first.NextMarker }));
    expect(rest.Truncated).toBe(false);
    expect(rest.CustomKeyStores?.map(({ CustomKeyStoreId }) => CustomKeyStoreId)).toEqual(ids.slice(2));
  });

  it.each([
    ['an unknown id', 'CustomKeyStoreNotFoundException', { CustomKeyStoreId: 'cks-0' }],
    ['an unknown name', 'CustomKeyStoreNotFoundException', { CustomKeyStoreName: 'none' }],
    ['both an id and a name', 'ValidationException', { CustomKeyStoreId: 'cks-0', CustomKeyStoreName: 'none' }],
    ['an unknown marker', 'InvalidMarkerException', { Marker: 'x' }],
  ])('DescribeCustomKeyStores rejects %s with %s', async (_, name, input) => {
    expect((await catchError(createAccount().send(new DescribeCustomKeyStoresCommand(input)))).name).toBe(name);
  });
});

describe('UpdateCustomKeyStore', () => {
  it.each<[string, () => Request, Partial<UpdateCustomKeyStoreCommandInput>, boolean, object]>([
    ['the name', cloudHsm, { NewCustomKeyStoreName: 'new' }, true, { CustomKeyStoreName: 'new' }],
    ['the password', cloudHsm, { KeyStorePassword: 'another' }, false, {}],
    [
      'the cluster',
      cloudHsm,
      { CloudHsmClusterId: 'cluster-zzzzzzzzzzz' },
      false,
      { CloudHsmClusterId: 'cluster-zzzzzzzzzzz' },
    ],
    [
      'the path',
      external,
      { XksProxyUriPath: '/new/kms/xks/v1' },
      true,
      { XksProxyConfiguration: expect.objectContaining({ UriPath: '/new/kms/xks/v1' }) },
    ],
    [
      'the credential',
      external,
      { XksProxyAuthenticationCredential: { AccessKeyId: 'A'.repeat(20), RawSecretAccessKey: 's'.repeat(43) } },
      true,
      { XksProxyConfiguration: expect.objectContaining({ AccessKeyId: 'A'.repeat(20) }) },
    ],
    [
      'the endpoint',
      external,
      { XksProxyUriEndpoint: 'https://new.example.com' },
      false,
      { XksProxyConfiguration: expect.objectContaining({ UriEndpoint: 'https://new.example.com' }) },
    ],
    [
      'the connectivity to a public endpoint',
      vpc,
      { XksProxyConnectivity: 'PUBLIC_ENDPOINT', XksProxyUriEndpoint: 'https://public.example.com' },
      false,
      { XksProxyConfiguration: expect.not.objectContaining({ VpcEndpointServiceName: expect.anything() }) },
    ],
    [
      'the connectivity to a VPC endpoint service',
      external,
      {
        XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
        XksProxyUriEndpoint: 'https://private.example.com',
        XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0abc',
      },
      false,
      {
        XksProxyConfiguration: expect.objectContaining({
          VpcEndpointServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0abc',
        }),
      },
    ],
  ])('UpdateCustomKeyStore changes %s', async (_, createRequest, change, isAllowedWhileConnected, expected) => {
    const client = createAccount();
    const CustomKeyStoreId = await createKeyStore(client, createRequest() as CreateCustomKeyStoreCommandInput);
    await connect(client, CustomKeyStoreId);
    if (!isAllowedWhileConnected) {
      const call = update(client, { CustomKeyStoreId, ...change });
      expect((await catchError(call)).name).toBe('CustomKeyStoreInvalidStateException');
      await disconnect(client, CustomKeyStoreId);
    }
    await update(client, { CustomKeyStoreId, ...change });
    expect(await describeKeyStore(client, CustomKeyStoreId)).toMatchObject(expected);
  });

  it.each<[string, string, () => Request, (taken: Request) => Partial<UpdateCustomKeyStoreCommandInput>]>([
    [
      "another key store's name",
      'CustomKeyStoreNameInUseException',
      cloudHsm,
      ({ CustomKeyStoreName }) => ({ NewCustomKeyStoreName: CustomKeyStoreName }),
    ],
    [
      "another key store's endpoint",
      'XksProxyUriInUseException',
      external,
      ({ XksProxyUriEndpoint }) => ({ XksProxyUriEndpoint }),
    ],
    [
      'a member for the other type of key store',
      'ValidationException',
      cloudHsm,
      () => ({ XksProxyUriPath: '/kms/xks/v1' }),
    ],
    [
      'new connectivity without an endpoint',
      'ValidationException',
      external,
      () => ({ XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' }),
    ],
  ])('UpdateCustomKeyStore rejects %s with %s', async (_, name, createRequest, change) => {
    const client = createAccount();
    const taken = createRequest();
    await createKeyStore(client, taken as CreateCustomKeyStoreCommandInput);
    const CustomKeyStoreId = await createKeyStore(client, createRequest() as CreateCustomKeyStoreCommandInput);
    expect((await catchError(update(client, { CustomKeyStoreId, ...change(taken) }))).name).toBe(name);
  });

  it('UpdateCustomKeyStore accepts the name and the endpoint that the key store already has', async () => {
    const client = createAccount();
    const input = external();
    const CustomKeyStoreId = await createKeyStore(client, input);
    const { CustomKeyStoreName: NewCustomKeyStoreName, XksProxyUriEndpoint } = input;
    await update(client, { CustomKeyStoreId, NewCustomKeyStoreName, XksProxyUriEndpoint });
  });
});

describe('the connection to a custom key store', () => {
  it('ConnectCustomKeyStore succeeds repeatedly, but DisconnectCustomKeyStore succeeds only once', async () => {
    const client = createAccount();
    const id = await createKeyStore(client, cloudHsm());
    expect((await catchError(disconnect(client, id))).name).toBe('CustomKeyStoreInvalidStateException');
    await connect(client, id);
    await connect(client, id);
    expect(await describeKeyStore(client, id)).toMatchObject({ ConnectionState: 'CONNECTED' });
    const remove = () => client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: id }));
    expect((await catchError(remove())).name).toBe('CustomKeyStoreInvalidStateException');
    await disconnect(client, id);
    expect((await catchError(disconnect(client, id))).name).toBe('CustomKeyStoreInvalidStateException');
    await remove();
    expect((await catchError(describeKeyStore(client, id))).name).toBe('CustomKeyStoreNotFoundException');
  });

  it('a custom key store must be disconnected after a failed connection before it can be connected again', async () => {
    const CustomKeyStoreId = 'cks-1234567890abcdef0';
    const seed = {
      CustomKeyStoreId,
      CustomKeyStoreName: 'failed',
      CustomKeyStoreType: 'AWS_CLOUDHSM',
      ConnectionState: 'FAILED',
      ConnectionErrorCode: 'USER_LOCKED_OUT',
    } as const;
    const emulator = await startEmulator({ seed: { Version: 1, Keys: [], CustomKeyStores: [seed] } });
    const client = clientFor(emulator.endpoint);
    expect(await describeKeyStore(client, CustomKeyStoreId)).toMatchObject({
      ConnectionState: 'FAILED',
      ConnectionErrorCode: 'USER_LOCKED_OUT',
    });
    for (const call of [
      connect(client, CustomKeyStoreId),
      update(client, { CustomKeyStoreId, NewCustomKeyStoreName: 'x' }),
    ]) {
      expect((await catchError(call)).name).toBe('CustomKeyStoreInvalidStateException');
    }
    await disconnect(client, CustomKeyStoreId);
    await connect(client, CustomKeyStoreId);
    expect((await describeKeyStore(client, CustomKeyStoreId))?.ConnectionErrorCode).toBeUndefined();
    client.destroy();
    await emulator.close();
  });

  it.each([
    ['ConnectCustomKeyStore', connect],
    ['DisconnectCustomKeyStore', disconnect],
    [
      'UpdateCustomKeyStore',
      (client: ReturnType<typeof createAccount>, id: string) => update(client, { CustomKeyStoreId: id }),
    ],
    [
      'DeleteCustomKeyStore',
      (client: ReturnType<typeof createAccount>, id: string) =>
        client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: id })),
    ],
  ])('%s throws CustomKeyStoreNotFoundException for a key store in another account', async (_, call) => {
    const id = await createKeyStore(createAccount(), cloudHsm());
    expect((await catchError(call(createAccount(), id) as Promise<unknown>)).name).toBe(
      'CustomKeyStoreNotFoundException',
    );
  });
});
