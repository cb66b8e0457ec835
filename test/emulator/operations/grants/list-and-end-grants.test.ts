import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  ListGrantsCommand,
  type ListGrantsCommandInput,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  type RetireGrantCommandInput,
  RevokeGrantCommand,
  type RevokeGrantCommandInput,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const unknownGrant = 'd'.repeat(64);

async function create(KeyId: string, input: Partial<CreateGrantCommandInput> = {}) {
  const request = { KeyId, GranteePrincipal: role('grantee'), Operations: ['Decrypt' as const], ...input };
  const { GrantId = '', GrantToken = '' } = await used.client.send(new CreateGrantCommand(request));
  return { GrantId, GrantToken };
}

async function list(input: ListGrantsCommandInput): Promise<(string | undefined)[]> {
  const { Grants = [] } = await used.client.send(new ListGrantsCommand(input));
  return Grants.map(({ GrantId }) => GrantId);
}

describe('ListGrants', () => {
  it('ListGrants returns pages in creation order while grants are created and revoked', async () => {
    const { KeyId } = await createKey(used.client);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await create(KeyId)).GrantId);
    const first = await used.client.send(new ListGrantsCommand({ KeyId, Limit: 2 }));
    expect(first.Truncated).toBe(true);
    await used.client.send(new RevokeGrantCommand({ KeyId, GrantId: ids[1] }));
    ids.push((await create(KeyId)).GrantId);
    const rest = await used.client.send(new ListGrantsCommand({ KeyId, Marker: first.NextMarker }));
    expect(rest).toMatchObject({ Truncated: false });
    expect(rest.NextMarker).toBeUndefined();
    expect([...(first.Grants ?? []), ...(rest.Grants ?? [])].map(({ GrantId }) => GrantId)).toEqual(ids);
  });

  it('ListGrants filters by grant and by grantee', async () => {
    const { KeyId } = await createKey(used.client);
    const one = await create(KeyId, { GranteePrincipal: role('one') });
    const two = await create(KeyId, { GranteePrincipal: role('two') });
    expect(await list({ KeyId, GrantId: two.GrantId })).toEqual([two.GrantId]);
    expect(await list({ KeyId, GranteePrincipal: role('one') })).toEqual([one.GrantId]);
    expect(await list({ KeyId, GrantId: two.GrantId, GranteePrincipal: role('one') })).toEqual([]);
    expect(await list({ KeyId, GranteeServicePrincipal: 's3.amazonaws.com' })).toEqual([]);
    expect(await list({ KeyId, GrantId: unknownGrant })).toEqual([]);
  });

  it.each<[string, string, Partial<ListGrantsCommandInput>]>([
    [
      'two grantees',
      'ValidationException',
      { GranteePrincipal: role('x'), GranteeServicePrincipal: 's3.amazonaws.com' },
    ],
    ['a malformed grant id', 'InvalidGrantIdException', { GrantId: 'x' }],
    ['a malformed grantee', 'InvalidArnException', { GranteePrincipal: 'x' }],
    ['a malformed marker', 'InvalidMarkerException', { Marker: 'x' }],
    ['an alias', 'InvalidArnException', { KeyId: 'alias/x' }],
    ['a limit of zero', 'ValidationException', { Limit: 0 }],
  ])('ListGrants rejects %s with %s', async (_, name, input) => {
    const { KeyId } = await createKey(used.client);
    expect((await catchError(list({ KeyId, ...input }))).name).toBe(name);
  });

  it('ListGrants rejects a marker from a request with another filter', async () => {
    const { KeyId } = await createKey(used.client);
    await create(KeyId);
    await create(KeyId);
    const { NextMarker } = await used.client.send(new ListGrantsCommand({ KeyId, Limit: 1 }));
    const filtered = list({ KeyId, GranteePrincipal: role('grantee'), Marker: NextMarker });
    expect((await catchError(filtered)).name).toBe('InvalidMarkerException');
  });
});

describe('ListRetirableGrants', () => {
  it('ListRetirableGrants returns pages of the grants that a principal may retire in the Region', async () => {
    const RetiringPrincipal = role('retirer');
    const keys = [await createKey(used.client), await createKey(used.client)];
    const elsewhere = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
    const foreign = await createKey(elsewhere);
    const ids: string[] = [];
    for (const { KeyId } of keys) ids.push((await create(KeyId, { RetiringPrincipal })).GrantId);
    await create(keys[0]?.KeyId ?? '', { RetiringPrincipal: role('another') });
    await elsewhere.send(
      new CreateGrantCommand({
        KeyId: foreign.KeyId,
        GranteePrincipal: role('x'),
        RetiringPrincipal,
        Operations: ['Decrypt'],
      }),
    );
    const first = await used.client.send(new ListRetirableGrantsCommand({ RetiringPrincipal, Limit: 1 }));
    const next = await used.client.send(
      new ListRetirableGrantsCommand({ RetiringPrincipal, Marker: first.NextMarker }),
    );
    expect([...(first.Grants ?? []), ...(next.Grants ?? [])].map(({ GrantId }) => GrantId)).toEqual(ids);
    expect(next.Grants?.[0]?.KeyId).toBe(keys[1]?.Arn);
    elsewhere.destroy();
  });

  it('ListRetirableGrants returns the grants that a service may retire', async () => {
    const { KeyId } = await createKey(used.client);
    const RetiringServicePrincipal = 'backup.amazonaws.com';
    const { GrantId } = await create(KeyId, { RetiringServicePrincipal });
    const { Grants } = await used.client.send(new ListRetirableGrantsCommand({ RetiringServicePrincipal }));
    expect(Grants?.map((grant) => grant.GrantId)).toEqual([GrantId]);
  });

  it.each([
    ['a missing principal', 'ValidationException', {}],
    [
      'two principals',
      'ValidationException',
      { RetiringPrincipal: role('x'), RetiringServicePrincipal: 's3.amazonaws.com' },
    ],
    ['a malformed principal', 'InvalidArnException', { RetiringPrincipal: 'x' }],
    ['a malformed service principal', 'ValidationException', { RetiringServicePrincipal: 'x' }],
    ['an unknown marker', 'InvalidMarkerException', { RetiringPrincipal: role('x'), Marker: 'x' }],
  ])('ListRetirableGrants rejects %s with %s', async (_, name, input) => {
    expect((await catchError(used.client.send(new ListRetirableGrantsCommand(input)))).name).toBe(name);
  });
});

describe('RevokeGrant', () => {
  const revoke = (input: RevokeGrantCommandInput) => used.client.send(new RevokeGrantCommand(input));

  it('RevokeGrant deletes a grant only once, and does not delete it in a dry run', async () => {
    const { KeyId } = await createKey(used.client);
    const { GrantId } = await create(KeyId);
    expect((await catchError(revoke({ KeyId, GrantId, DryRun: true }))).name).toBe('DryRunOperationException');
    expect(await list({ KeyId })).toEqual([GrantId]);
    await revoke({ KeyId, GrantId });
    expect(await list({ KeyId })).toEqual([]);
    expect((await catchError(revoke({ KeyId, GrantId }))).name).toBe('NotFoundException');
  });

  it('RevokeGrant rejects a grant on another key', async () => {
    const [one, two] = [await createKey(used.client), await createKey(used.client)];
    const { GrantId } = await create(one.KeyId);
    expect((await catchError(revoke({ KeyId: two.KeyId, GrantId }))).name).toBe('NotFoundException');
  });

  it.each([
    ['a malformed grant id', 'InvalidGrantIdException', { GrantId: 'x' }],
    ['an alias', 'InvalidArnException', { KeyId: 'alias/x' }],
    ['an unknown key', 'NotFoundException', { KeyId: '5a4d1e00-0000-4000-8000-00000000dead' }],
  ])('RevokeGrant rejects %s with %s', async (_, name, input) => {
    const { KeyId } = await createKey(used.client);
    expect((await catchError(revoke({ KeyId, GrantId: unknownGrant, ...input }))).name).toBe(name);
  });
});

describe('RetireGrant', () => {
  const retire = (input: RetireGrantCommandInput) => used.client.send(new RetireGrantCommand(input));

  it('RetireGrant deletes a grant that is identified by any of its tokens', async () => {
    const { KeyId } = await createKey(used.client);
    const first = await create(KeyId, { Name: 'a' });
    const again = await create(KeyId, { Name: 'a' });
    expect((await catchError(retire({ GrantToken: first.GrantToken, DryRun: true }))).name).toBe(
      'DryRunOperationException',
    );
    await retire({ GrantToken: first.GrantToken });
    expect(await list({ KeyId })).toEqual([]);
    expect((await catchError(retire({ GrantToken: again.GrantToken }))).name).toBe('NotFoundException');
  });

  it('RetireGrant deletes a grant that is identified by its key and grant id', async () => {
    const { KeyId, Arn } = await createKey(used.client);
    const { GrantId } = await create(KeyId);
    await retire({ KeyId: Arn, GrantId });
    expect(await list({ KeyId })).toEqual([]);
  });

  const key = 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-00000000dead';
  it.each<[string, string, RetireGrantCommandInput]>([
    ['an empty request', 'ValidationException', {}],
    ['a key without a grant id', 'ValidationException', { KeyId: key }],
    ['a grant id without a key', 'ValidationException', { GrantId: unknownGrant }],
    ['a token and a key', 'ValidationException', { GrantToken: 'x', KeyId: key }],
    ['a malformed token', 'InvalidGrantTokenException', { GrantToken: 'x' }],
    ['an unknown key', 'NotFoundException', { KeyId: key, GrantId: unknownGrant }],
    ['an alias', 'InvalidArnException', { KeyId: 'alias/x', GrantId: unknownGrant }],
  ])('RetireGrant rejects %s with %s', async (_, name, input) => {
    expect((await catchError(retire(input))).name).toBe(name);
  });

  it('RetireGrant rejects a malformed grant id', async () => {
    const { KeyId } = await createKey(used.client);
    expect((await catchError(retire({ KeyId, GrantId: 'x' }))).name).toBe('InvalidGrantIdException');
  });
});
