import { onTestFinished } from 'vitest';
import { requireOwnEmulator } from '../emulator.ts';
import { requestOn, send } from '../key-calls.ts';
import { aliasName, changed, keyFor, type ModeledError, row, rowsFor } from './rows.ts';

export const aliases: readonly ModeledError[] = [
  row('DeleteAlias', 'NotFoundException', async () => ({ AliasName: aliasName() })),
  row('CreateAlias', 'AlreadyExistsException', async (world) => {
    const key = await keyFor(world, 'CreateAlias');
    return { ...(await requestOn('DeleteAlias', key)), TargetKeyId: key.KeyId };
  }),
  row('CreateAlias', 'InvalidAliasNameException', changed('CreateAlias', { AliasName: 'alias/' })),
  ...rowsFor('LimitExceededException', ['CreateAlias', 'UpdateAlias'], (operation) => async (world) => {
    const key = await keyFor(world, operation);
    for (let count = 0; count < 50; count += 1) {
      await send(world.client, 'CreateAlias', { AliasName: aliasName(), TargetKeyId: key.KeyId });
    }
    return requestOn(operation, key);
  }),
];

const notAPrincipal = 'arn:aws:iam::x';
export const grants: readonly ModeledError[] = [
  ...rowsFor('InvalidGrantIdException', ['ListGrants', 'RetireGrant', 'RevokeGrant'], (operation) =>
    changed(operation, { GrantId: 'no-grant' }),
  ),
  row('RetireGrant', 'InvalidGrantTokenException', async () => ({ GrantToken: 'no-token' })),
  row('ListRetirableGrants', 'InvalidArnException', async () => ({ RetiringPrincipal: notAPrincipal })),
  row('CreateGrant', 'LimitExceededException', async (world) => {
    requireOwnEmulator('50,000 grants require too many calls');
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
    // Later rows would restore all of them again.
    onTestFinished(() => world.emulator.restore(snapshot));
    return request;
  }),
];
