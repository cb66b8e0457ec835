import { readFileSync } from 'node:fs';
import { CreateKeyCommand, DescribeKeyCommand, TagResourceCommand } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { buildFunctionRole } from '../../infra/roles/function-role.ts';
import { keyMembers, type Operation } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { clientFor } from '../support/emulator.ts';
import { allOperations, isSoak, onePerGroup, operations } from '../support/operations.ts';
import { callSdk } from '../support/sdk-call.ts';
import { filterByType, resolveReferences, usePackaged } from '../support/template.ts';

/**
 * Evaluates the roles in the compiled template with the emulator. Each request is signed with one function's role.
 * test/emulator/authorization tests the evaluation itself.
 */
const place = { account: '000000000000', region: 'us-east-1' };
const serviceTag = { TagKey: 'kms-functions:service', TagValue: 'kms-functions-dev' };
const foreignTag = { TagKey: 'kms-functions:service', TagValue: 'kms-functions-other' };
const packaged = usePackaged(everyOperation);
/** Operations that only a grant can allow (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html). */
const grantOnlyOperations = new Set(['RetireGrant']);
const rows = operations.map((operation) => ({ name: operation.name, operation }));

/** Access key ids consist of letters and digits. */
const accessKeyId = ({ name }: Pick<Operation, 'name'>) => `ROLE${name}`;

async function startWithTag(tag: object): Promise<Emulator> {
  const { $schema: _, ...seed } = JSON.parse(readFileSync('emulator/seed/default.json', 'utf8'));
  const Principals = operations.map((operation) => ({
    AccessKeyId: accessKeyId(operation),
    Arn: `arn:aws:iam::${place.account}:role/${operation.name}`,
    Policies: resolveReferences(packaged.resources.get(`${operation.name}Role`)?.Properties.Policies, place).map(
      ({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument,
    ),
  }));
  const Keys = seed.Keys.map((key: { Tags?: object[] }) => ({ ...key, Tags: [...(key.Tags ?? []), tag] }));
  return startEmulator({ seed: parseSeed({ ...seed, Keys, Principals }) });
}

async function call(emulator: Emulator, as: Operation, operation: Operation, members: object = {}) {
  await emulator.restoreSeed();
  if (operation.name === 'UpdatePrimaryRegion') await tagReplica(emulator, operation);
  const client = clientFor(emulator.endpoint, { account: accessKeyId(as) });
  try {
    return await callSdk(client, operation, { ...operation.example.input, ...members });
  } finally {
    client.destroy();
  }
}

/** Adds the service tag to the replica, as ReplicateKey does. The seeded replicas do not have the tag. */
async function tagReplica(emulator: Emulator, { example }: Operation): Promise<void> {
  const client = clientFor(emulator.endpoint, { region: String(example.input.PrimaryRegion) });
  await client.send(new TagResourceCommand({ KeyId: String(example.input.KeyId), Tags: [serviceTag] }));
  client.destroy();
}

/** Returns the members that the function adds to requests. */
function addedMembers({ serviceTag: isTagged }: Operation): object {
  const requestTag = { TagKey: 'kms-functions:request-id', TagValue: crypto.randomUUID() };
  return isTagged === 'added' ? { Tags: [serviceTag, requestTag] } : {};
}

describe('the template', () => {
  test('the template has one role for each function, and only Lambda can assume the role', () => {
    // test/infra/template.test.ts tests the role of API Gateway, and test/infra/audit.test.ts the role of the forwarder.
    const { GatewayIntegrationRole: _, ...others } = Object.fromEntries(packaged.resources);
    const roles = filterByType(new Map(Object.entries(others)), 'AWS::IAM::Role');
    expect(roles).toHaveLength(allOperations.length + 1);
    for (const { Properties } of roles) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toHaveLength(1);
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
    }
  });

  test('the template contains the role of each function unchanged', () => {
    for (const operation of allOperations) {
      expect(packaged.resources.get(`${operation.name}Role`)).toEqual(
        buildFunctionRole(operation, deployment(everyOperation)),
      );
    }
  });
});

describe('a function role', () => {
  let emulator: Emulator;
  let emulatorOfOthers: Emulator;
  beforeAll(async () => {
    emulator = await startWithTag(serviceTag);
    emulatorOfOthers = await startWithTag(foreignTag);
    return async () => {
      await emulator.close();
      await emulatorOfOthers.close();
    };
  });

  test.for(rows.filter(({ name }) => !grantOnlyOperations.has(name)))(
    'a function role allows its operation on a key with the service tag: $name',
    async ({ operation }) => {
      const outcome = await call(emulator, operation, operation, addedMembers(operation));
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    },
  );

  // Tests one other operation per group, or all other operations in a full run.
  const others = isSoak ? operations : onePerGroup();
  test.for(rows)('a function role denies other operations: $name', async ({ operation }) => {
    for (const other of others) {
      const own = new Set(operation.permissions.map(({ action }) => action));
      if (other === operation || other.permissions.every(({ action }) => own.has(action))) continue;
      // ReplicateKey includes the creation of a key with the service tag in one of the service's Regions.
      if (operation.name === 'ReplicateKey' && other.name === 'CreateKey') continue;
      const outcome = await call(emulator, operation, other, addedMembers(other));
      expect(outcome, other.name).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    }
  });

  const withKeys = rows.filter(({ operation }) => operation.permissions.some(({ resource }) => resource === 'key'));
  test.for(withKeys.filter(({ operation }) => keyMembers(operation).length > 0))(
    'a function role denies its operation on a key without the service tag: $name',
    async ({ operation }) => {
      const outcome = await call(emulatorOfOthers, operation, operation, addedMembers(operation));
      expect(outcome).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    },
  );

  test("the CreateKey role denies CreateKey without the service tag or with another deployment's tag", async () => {
    const createKey = operations.find(({ name }) => name === 'CreateKey') as Operation;
    for (const members of [{}, { Tags: [foreignTag] }]) {
      const outcome = await call(emulator, createKey, createKey, members);
      expect(outcome).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    }
  });

  test('a function role denies changes to the service tag and the request tag', async () => {
    const [tag, untag] = ['TagResource', 'UntagResource'].map((name) => operations.find((each) => each.name === name));
    const retag = await call(emulator, tag as Operation, tag as Operation, { Tags: [foreignTag] });
    expect(retag).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    for (const TagKey of [serviceTag.TagKey, 'kms-functions:request-id', 'KMS-Functions:Request-Id']) {
      const take = await call(emulator, untag as Operation, untag as Operation, { TagKeys: [TagKey] });
      expect(take, TagKey).toMatchObject({ ok: false, code: 'AccessDeniedException' });
    }
  });

  test('a function role denies keys in another account, even if their policies allow every principal', async () => {
    const other = clientFor(emulator.endpoint, { account: '111122223333' });
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
        const outcome = await call(emulator, operation, operation, { ...addedMembers(operation), [member]: foreign });
        // ListAliases returns only aliases in the caller's account, so the list is empty for a key in another account.
        const isEmpty = outcome.ok && JSON.stringify(outcome.body).startsWith('{"Aliases":[]');
        expect(outcome.ok && !isEmpty, `${operation.name} ${member}`).toBe(false);
      }
    }
  });
});
