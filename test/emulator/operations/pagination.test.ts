import { randomUUID } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { PagedName } from '../../../client/index.ts';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';
import { type Input, send } from '../../support/key-calls.ts';
import { cloudHsm, createKeyStore } from '../../support/key-stores.ts';
import { createKey } from '../../support/keys.ts';

const used = useEmulator({});

interface List {
  /** Creates a key if the list requires a key. Returns the input of the list request. */
  readonly prepare: (client: KMSClient) => Promise<Input>;
  /** Adds an item and returns its name in the list. */
  readonly add: (client: KMSClient, input: Input, count: number) => Promise<string>;
  readonly remove?: (client: KMSClient, input: Input, name: string) => Promise<unknown>;
  /** The member of the response that contains the items. */
  readonly member: string;
  /** The member of an item that contains its name. */
  readonly name: string;
}

const grantee = 'arn:aws:iam::111122223333:role/grantee';
const letter = (count: number) => 'abcdefghij'[count] ?? '';
const prepareKey = async (client: KMSClient) => ({ KeyId: (await createKey(client)).KeyId });
const grant = (client: KMSClient, input: Input, more: Input = {}) =>
  send(client, 'CreateGrant', { ...input, GranteePrincipal: grantee, Operations: ['Decrypt'], ...more }) as Promise<{
    GrantId: string;
  }>;

/** The paginated operations except ListKeyPolicies, because every key has exactly one policy. */
type ListName = Exclude<Capitalize<PagedName>, 'ListKeyPolicies'>;

/** The setup for each operation. Items are added in the order in which the operation lists them. */
const lists: Readonly<Record<ListName, List>> = {
  DescribeCustomKeyStores: {
    prepare: async () => ({}),
    add: (client) => createKeyStore(client, cloudHsm()),
    remove: (client, _, CustomKeyStoreId) => send(client, 'DeleteCustomKeyStore', { CustomKeyStoreId }),
    member: 'CustomKeyStores',
    name: 'CustomKeyStoreId',
  },
  ListAliases: {
    prepare: prepareKey,
    add: async (client, { KeyId }, count) => {
      const AliasName = `alias/${letter(count)}-${randomUUID()}`;
      await send(client, 'CreateAlias', { AliasName, TargetKeyId: KeyId });
      return AliasName;
    },
    remove: (client, _, AliasName) => send(client, 'DeleteAlias', { AliasName }),
    member: 'Aliases',
    name: 'AliasName',
  },
  ListGrants: {
    prepare: prepareKey,
    add: async (client, input) => (await grant(client, input)).GrantId,
    remove: (client, input, GrantId) => send(client, 'RevokeGrant', { ...input, GrantId }),
    member: 'Grants',
    name: 'GrantId',
  },
  ListKeyRotations: {
    prepare: prepareKey,
    add: async (client, { KeyId }) => {
      await send(client, 'RotateKeyOnDemand', { KeyId });
      const { KeyMetadata } = (await send(client, 'DescribeKey', { KeyId })) as { KeyMetadata: Record<string, string> };
      return KeyMetadata.CurrentKeyMaterialId ?? '';
    },
    member: 'Rotations',
    name: 'KeyMaterialId',
  },
  ListKeys: {
    prepare: async () => ({}),
    add: async (client) => (await createKey(client)).KeyId,
    member: 'Keys',
    name: 'KeyId',
  },
  ListResourceTags: {
    prepare: prepareKey,
    add: async (client, { KeyId }, count) => {
      await send(client, 'TagResource', { KeyId, Tags: [{ TagKey: letter(count), TagValue: '' }] });
      return letter(count);
    },
    remove: (client, { KeyId }, name) => send(client, 'UntagResource', { KeyId, TagKeys: [name] }),
    member: 'Tags',
    name: 'TagKey',
  },
  ListRetirableGrants: {
    prepare: async () => ({ RetiringPrincipal: `arn:aws:iam::111122223333:role/${randomUUID()}` }),
    add: async (client, input) => (await grant(client, await prepareKey(client), input)).GrantId,
    member: 'Grants',
    name: 'GrantId',
  },
};

interface Page {
  readonly names: string[];
  readonly Truncated: boolean;
  readonly NextMarker?: string;
}

let accounts = 0;
/** Creates a client for an empty account. */
const createEmptyAccount = () =>
  clientFor(used.emulator.endpoint, { account: `7${String(++accounts).padStart(11, '0')}` });

describe.for(Object.entries(lists) as [ListName, List][])('%s', ([operation, list]) => {
  const getPage = async (client: KMSClient, input: Input, more: Input): Promise<Page> => {
    const response = (await send(client, operation, { ...input, ...more })) as Record<string, unknown> & Page;
    const items = response[list.member] as Record<string, string>[];
    return { ...response, names: items.map((item) => item[list.name] ?? '') };
  };
  const fill = async (count: number) => {
    const client = createEmptyAccount();
    const input = await list.prepare(client);
    const names: string[] = [];
    while (names.length < count) names.push(await list.add(client, input, names.length));
    return { client, input, names };
  };

  test('the list operation returns a marker on every page except the last', async () => {
    const { client, input, names } = await fill(4);
    const first = await getPage(client, input, { Limit: 3 });
    expect(first).toMatchObject({ names: names.slice(0, 3), Truncated: true, NextMarker: expect.any(String) });
    const second = await getPage(client, input, { Limit: 3, Marker: first.NextMarker });
    expect(second).toMatchObject({ names: names.slice(3), Truncated: false });
    expect(second).not.toHaveProperty('NextMarker');
    const exact = await getPage(client, input, { Limit: 4 });
    expect(exact).toMatchObject({ names, Truncated: false });
  });

  test('the list operation continues at the same position after items are added and removed', async () => {
    const { client, input, names } = await fill(3);
    const { NextMarker: Marker } = await getPage(client, input, { Limit: 2 });
    const added = await list.add(client, input, 3);
    await list.remove?.(client, input, names[1] ?? '');
    expect((await getPage(client, input, { Marker })).names).toEqual([names[2], added]);
  });

  test('the list operation rejects changed markers and markers from other operations', async () => {
    const { client, input } = await fill(2);
    const { NextMarker = '' } = await getPage(client, input, { Limit: 1 });
    const others = (Object.entries(lists) as [ListName, List][]).filter(([name]) => name !== operation);
    for (const [other, { prepare }] of others) {
      const call = send(client, other, { ...(await prepare(client)), Marker: NextMarker });
      expect([other, (await catchError(call)).name]).toEqual([other, 'InvalidMarkerException']);
    }
    for (const Marker of [`${NextMarker}A`, NextMarker.slice(0, 8), '*', 'AAAAAAAAAAAA']) {
      expect((await catchError(getPage(client, input, { Marker }))).name).toBe('InvalidMarkerException');
    }
  });

  test('the list operation accepts only a Limit from 1 to 1000', async () => {
    const { client, input } = await fill(1);
    for (const Limit of [1, 1000]) expect(await getPage(client, input, { Limit })).toMatchObject({ Truncated: false });
    for (const Limit of [0, -1, 1001]) {
      expect((await catchError(getPage(client, input, { Limit }))).name).toBe('ValidationException');
    }
  });
});
