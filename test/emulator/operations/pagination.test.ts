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
  /** What the request of the list names, made anew. */
  readonly of: (client: KMSClient) => Promise<Input>;
  /** Adds an item to it; gives its name in the list. */
  readonly add: (client: KMSClient, input: Input, count: number) => Promise<string>;
  readonly remove?: (client: KMSClient, input: Input, name: string) => Promise<unknown>;
  /** Where the answer has its items, and where an item has its name. */
  readonly member: string;
  readonly name: string;
}

const grantee = 'arn:aws:iam::111122223333:role/grantee';
const letter = (count: number) => 'abcdefghij'[count] ?? '';
const keyOf = async (client: KMSClient) => ({ KeyId: (await createKey(client)).KeyId });
const grant = (client: KMSClient, input: Input, more: Input = {}) =>
  send(client, 'CreateGrant', { ...input, GranteePrincipal: grantee, Operations: ['Decrypt'], ...more }) as Promise<{
    GrantId: string;
  }>;

/** The operations with pages, except for ListKeyPolicies: every key has one policy. */
type ListName = Exclude<Capitalize<PagedName>, 'ListKeyPolicies'>;

/** Each list that has pages, in an order in which what is added comes last. */
const lists: Readonly<Record<ListName, List>> = {
  DescribeCustomKeyStores: {
    of: async () => ({}),
    add: (client) => createKeyStore(client, cloudHsm()),
    remove: (client, _, CustomKeyStoreId) => send(client, 'DeleteCustomKeyStore', { CustomKeyStoreId }),
    member: 'CustomKeyStores',
    name: 'CustomKeyStoreId',
  },
  ListAliases: {
    of: keyOf,
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
    of: keyOf,
    add: async (client, input) => (await grant(client, input)).GrantId,
    remove: (client, input, GrantId) => send(client, 'RevokeGrant', { ...input, GrantId }),
    member: 'Grants',
    name: 'GrantId',
  },
  ListKeyRotations: {
    of: keyOf,
    add: async (client, { KeyId }) => {
      await send(client, 'RotateKeyOnDemand', { KeyId });
      const { KeyMetadata } = (await send(client, 'DescribeKey', { KeyId })) as { KeyMetadata: Record<string, string> };
      return KeyMetadata.CurrentKeyMaterialId ?? '';
    },
    member: 'Rotations',
    name: 'KeyMaterialId',
  },
  ListKeys: {
    of: async () => ({}),
    add: async (client) => (await createKey(client)).KeyId,
    member: 'Keys',
    name: 'KeyId',
  },
  ListResourceTags: {
    of: keyOf,
    add: async (client, { KeyId }, count) => {
      await send(client, 'TagResource', { KeyId, Tags: [{ TagKey: letter(count), TagValue: '' }] });
      return letter(count);
    },
    remove: (client, { KeyId }, name) => send(client, 'UntagResource', { KeyId, TagKeys: [name] }),
    member: 'Tags',
    name: 'TagKey',
  },
  ListRetirableGrants: {
    of: async () => ({ RetiringPrincipal: `arn:aws:iam::111122223333:role/${randomUUID()}` }),
    add: async (client, input) => (await grant(client, await keyOf(client), input)).GrantId,
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
/** An account with nothing in it. */
const ownAccount = () => clientFor(used.emulator.endpoint, { account: `7${String(++accounts).padStart(11, '0')}` });

describe.for(Object.entries(lists) as [ListName, List][])('%s', ([operation, list]) => {
  const pageOf = async (client: KMSClient, input: Input, more: Input): Promise<Page> => {
    const answer = (await send(client, operation, { ...input, ...more })) as Record<string, unknown> & Page;
    const items = answer[list.member] as Record<string, string>[];
    return { ...answer, names: items.map((item) => item[list.name] ?? '') };
  };
  const filled = async (count: number) => {
    const client = ownAccount();
    const input = await list.of(client);
    const names: string[] = [];
    while (names.length < count) names.push(await list.add(client, input, names.length));
    return { client, input, names };
  };

  test('gives a marker while there is more, and none at the end', async () => {
    const { client, input, names } = await filled(4);
    const first = await pageOf(client, input, { Limit: 3 });
    expect(first).toMatchObject({ names: names.slice(0, 3), Truncated: true, NextMarker: expect.any(String) });
    const second = await pageOf(client, input, { Limit: 3, Marker: first.NextMarker });
    expect(second).toMatchObject({ names: names.slice(3), Truncated: false });
    expect(second).not.toHaveProperty('NextMarker');
    const exact = await pageOf(client, input, { Limit: 4 });
    expect(exact).toMatchObject({ names, Truncated: false });
  });

  test('goes on where it was after items came and went', async () => {
    const { client, input, names } = await filled(3);
    const { NextMarker: Marker } = await pageOf(client, input, { Limit: 2 });
    const added = await list.add(client, input, 3);
    await list.remove?.(client, input, names[1] ?? '');
    expect((await pageOf(client, input, { Marker })).names).toEqual([names[2], added]);
  });

  test('refuses a marker of another list, a changed one and none of its own', async () => {
    const { client, input } = await filled(2);
    const { NextMarker = '' } = await pageOf(client, input, { Limit: 1 });
    const others = (Object.entries(lists) as [ListName, List][]).filter(([name]) => name !== operation);
    for (const [other, { of }] of others) {
      const call = send(client, other, { ...(await of(client)), Marker: NextMarker });
      expect([other, (await catchError(call)).name]).toEqual([other, 'InvalidMarkerException']);
    }
    for (const Marker of [`${NextMarker}A`, NextMarker.slice(0, 8), '*', 'AAAAAAAAAAAA']) {
      expect((await catchError(pageOf(client, input, { Marker }))).name).toBe('InvalidMarkerException');
    }
  });

  test('takes a Limit from 1 to 1000', async () => {
    const { client, input } = await filled(1);
    for (const Limit of [1, 1000]) expect(await pageOf(client, input, { Limit })).toMatchObject({ Truncated: false });
    for (const Limit of [0, -1, 1001]) {
      expect((await catchError(pageOf(client, input, { Limit }))).name).toBe('ValidationException');
    }
  });
});
