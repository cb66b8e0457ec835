import { readFileSync } from 'node:fs';
import { CreateKeyCommand, DescribeKeyCommand, TagResourceCommand } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { keyMembers, type Operation } from '../../shared/declaration/operation.ts';
import { everyOperation } from '../support/deployments.ts';
import { clientFor } from '../support/emulator.ts';
import { isSoak, onePerGroup, operations } from '../support/operations.ts';
import { callSdk } from '../support/sdk-call.ts';
import { filledIn, usePackaged } from '../support/template.ts';

/**
 * The roles of the compiled template, put before a KMS that evaluates them: each function signs as its own role. What IAM's
 * evaluation makes of them is the emulator's (test/emulator/authorization).
 */
const place = { account: '000000000000', region: 'us-east-1' };
const serviceTag = { TagKey: 'kms-functions:service', TagValue: 'kms-functions-dev' };
const foreignTag = { TagKey: 'kms-functions:service', TagValue: 'kms-functions-other' };
const packaged = usePackaged(everyOperation);
/** A grant alone says who may retire it, and no policy does (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html). */
const byGrantAlone = new Set(['RetireGrant']);
const rows = operations.map((operation) => ({ name: operation.name, operation }));

/** Access key ids have letters and digits alone. */
const idOf = ({ name }: Pick<Operation, 'name'>) => `ROLE${name}`;

async function emulatorWith(tag: object): Promise<Emulator> {
  const { $schema: _, ...seed } = JSON.parse(readFileSync('emulator/seed/default.json', 'utf8'));
  const Principals = operations.map((operation) => ({
    AccessKeyId: idOf(operation),
    Arn: `arn:aws:iam::${place.account}:role/${operation.name}`,
    Policies: filledIn(packaged.resources.get(`${operation.name}Role`)?.Properties.Policies, place).map(
      ({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument,
    ),
  }));
  const Keys = seed.Keys.map((key: { Tags?: object[] }) => ({ ...key, Tags: [...(key.Tags ?? []), tag] }));
  return startEmulator({ seed: parseSeed({ ...seed, Keys, Principals }) });
}

async function call(emulator: Emulator, as: Operation, operation: Operation, members: object = {}) {
  await emulator.restoreSeed();
  if (operation.name === 'UpdatePrimaryRegion') await tagReplica(emulator, operation);
  const client = clientFor(emulator.endpoint, { account: idOf(as) });
  try {
    return await callSdk(client, operation, { ...operation.example.input, ...members });
  } finally {
    client.destroy();
  }
}

/** ReplicateKey adds the tag of the service to each replica; the seed's replicas are made without it. */
async function tagReplica(emulator: Emulator, { example }: Operation): Promise<void> {
  const client = clientFor(emulator.endpoint, { region: String(example.input.PrimaryRegion) });
  await client.send(new TagResourceCommand({ KeyId: String(example.input.KeyId), Tags: [serviceTag] }));
  client.destroy();
}

/** What the function adds to a request by itself. */
function added({ serviceTag: isTagged }: Operation): object {
  return isTagged === 'added' ? { Tags: [serviceTag] } : {};
}

describe('the role of a function, as KMS evaluates it', () => {
  let inside: Emulator;
  let outside: Emulator;
  beforeAll(async () => {
    inside = await emulatorWith(serviceTag);
    outside = await emulatorWith(foreignTag);
    return async () => {
      await inside.close();
      await outside.close();
    };
  });

  test.for(rows.filter(({ name }) => !byGrantAlone.has(name)))(
    'is enough for its operation on a key of the service: $name',
    async ({ operation }) => {
      const outcome = await call(inside, operation, operation, added(operation));
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    },
  );

  // One of each set, and every pair in the long run.
  const others = isSoak ? operations : onePerGroup();
  test.for(rows)('is nothing for any other operation: $name', async ({ operation }) => {
    for (const other of others) {
      const own = new Set(operation.permissions.map(({ action }) => action));
      if (other === operation || other.permissions.every(({ action }) => own.has(action))) continue;
      // To replicate a key is to create one, with the service's tag, in a Region of the service.
      if (operation.name === 'ReplicateKey' && other.name === 'CreateKey') continue;
      const outcome = await call(inside, operation, other, added(other));
      expect(outcome, other.name).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    }
  });

  const withKeys = rows.filter(({ operation }) => operation.permissions.some(({ resource }) => resource === 'key'));
  test.for(withKeys.filter(({ operation }) => keyMembers(operation).length > 0))(
    'ends at the fence: $name',
    async ({ operation }) => {
      const outcome = await call(outside, operation, operation, added(operation));
      expect(outcome).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    },
  );

  test('makes no key without the tag of the service, or with that of another', async () => {
    const createKey = operations.find(({ name }) => name === 'CreateKey') as Operation;
    for (const members of [{}, { Tags: [foreignTag] }]) {
      const outcome = await call(inside, createKey, createKey, members);
      expect(outcome).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    }
  });

  test('moves no tag of the service', async () => {
    const [tag, untag] = ['TagResource', 'UntagResource'].map((name) => operations.find((each) => each.name === name));
    const retag = await call(inside, tag as Operation, tag as Operation, { Tags: [foreignTag] });
    expect(retag).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    const take = await call(inside, untag as Operation, untag as Operation, { TagKeys: [serviceTag.TagKey] });
    expect(take).toMatchObject({ ok: false, code: 'AccessDeniedException' });
  });

  test('reaches no key of a second account, even one whose policy lets everybody in', async () => {
    const other = clientFor(inside.endpoint, { account: '111122223333' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }],
    });
    const { KeyMetadata } = await other.send(new CreateKeyCommand({ Policy, Tags: [serviceTag] }));
    const foreign = String(KeyMetadata?.Arn);
    expect(await other.send(new DescribeKeyCommand({ KeyId: foreign }))).toMatchObject({
      KeyMetadata: { Arn: foreign },
    });
    other.destroy();
    for (const operation of operations) {
      for (const member of keyMembers(operation)) {
        if (member === 'AliasName') continue;
        const outcome = await call(inside, operation, operation, { ...added(operation), [member]: foreign });
        // The aliases of a foreign key are none of this account's: there are none to list.
        const isEmpty = outcome.ok && JSON.stringify(outcome.body).startsWith('{"Aliases":[]');
        expect(outcome.ok && !isEmpty, `${operation.name} ${member}`).toBe(false);
      }
    }
  });
});
