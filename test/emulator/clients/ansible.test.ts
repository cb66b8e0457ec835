import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  paginateListAliases,
  paginateListGrants,
  paginateListKeyPolicies,
  paginateListKeys,
  RetireGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { errorOf, useEmulator } from '../../support/emulator.ts';

/**
 * The calls of Ansible's modules kms_key and kms_key_info (once aws_kms), in their order, and what they look at: plugins/modules/kms_key.py
 * of ansible-collections/amazon.aws. The collection is not at hand here: these are the same requests by the SDK.
 */
const used = useEmulator({ seed: 'none' });

/** get_key_details: which members it takes without asking whether they are there. */
async function details(KeyId: string) {
  const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId }));
  const key = KeyMetadata!;
  const aliases: string[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: used.client }, {})) {
    aliases.push(
      ...Aliases.filter(({ TargetKeyId }) => TargetKeyId === key.KeyId).map(({ AliasName = '' }) => AliasName.slice(6)),
    );
  }
  // AccessDeniedException and UnsupportedOperationException mean None, any other error fails the task.
  const rotation = await used.client.send(new GetKeyRotationStatusCommand({ KeyId })).then(
    ({ KeyRotationEnabled }) => KeyRotationEnabled,
    (error: Error) => (error.name === 'UnsupportedOperationException' ? null : Promise.reject(error)),
  );
  const grants = [];
  for await (const { Grants = [] } of paginateListGrants({ client: used.client }, { KeyId })) grants.push(...Grants);
  const { Tags = [] } = await used.client.send(new ListResourceTagsCommand({ KeyId }));
  const policies = [];
  for await (const { PolicyNames = [] } of paginateListKeyPolicies({ client: used.client }, { KeyId })) {
    for (const PolicyName of PolicyNames) {
      const { Policy } = await used.client.send(new GetKeyPolicyCommand({ KeyId, PolicyName }));
      policies.push(JSON.parse(Policy ?? ''));
    }
  }
  const tags = Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  return { key, arn: key.Arn ?? '', state: key.KeyState, aliases, rotation, grants, tags, policies };
}

const grantee = 'arn:aws:iam::000000000000:role/billing';
const createInput: CreateKeyCommandInput = {
  BypassPolicyLockoutSafetyCheck: false,
  Tags: [],
  KeyUsage: 'ENCRYPT_DECRYPT',
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  Origin: 'AWS_KMS',
};

test('kms_key makes a key, changes it, deletes it and takes it back', async () => {
  // Absent: the alias is not there.
  expect((await errorOf(details('alias/mykey'))).name).toBe('NotFoundException');

  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(createInput));
  const KeyId = KeyMetadata?.KeyId ?? '';
  const fresh = await details(KeyId);
  expect(fresh).toMatchObject({ state: 'Enabled', aliases: [], rotation: false, grants: [], tags: {} });
  expect(fresh.key).toMatchObject({ Description: '', Origin: 'AWS_KMS', KeyUsage: 'ENCRYPT_DECRYPT' });
  expect(fresh.policies).toMatchObject([{ Version: '2012-10-17', Statement: [{ Action: 'kms:*' }] }]);
  await used.client.send(new CreateAliasCommand({ TargetKeyId: fresh.arn, AliasName: 'alias/mykey' }));
  await used.client.send(new EnableKeyRotationCommand({ KeyId: fresh.arn }));
  const Constraints = { EncryptionContextEquals: { application: 'billing', environment: 'production' } };
  await used.client.send(
    new CreateGrantCommand({
      KeyId: fresh.arn,
      GranteePrincipal: grantee,
      Operations: ['Decrypt', 'RetireGrant'],
      Name: 'billing_prod',
      Constraints,
    }),
  );
  const made = await details(KeyId);
  expect(made).toMatchObject({ aliases: ['mykey'], rotation: true });
  expect(made.grants).toMatchObject([
    { Name: 'billing_prod', GranteePrincipal: grantee, Operations: ['Decrypt', 'RetireGrant'], Constraints },
  ]);
  expect(made.grants[0]).toMatchObject({
    KeyId: made.arn,
    IssuingAccount: expect.stringMatching(/^arn:aws:iam::000000000000:root$/),
    CreationDate: expect.any(Date),
  });

  // Found by its alias, then changed: all by the ARN.
  const { KeyMetadata: byAlias } = await used.client.send(new DescribeKeyCommand({ KeyId: 'alias/mykey' }));
  expect(byAlias?.Arn).toBe(made.arn);
  const target = { KeyId: made.arn };
  await used.client.send(new UpdateKeyDescriptionCommand({ ...target, Description: 'changed' }));
  await used.client.send(new TagResourceCommand({ ...target, Tags: [{ TagKey: 'Name', TagValue: 'myKey' }] }));
  await used.client.send(new UntagResourceCommand({ ...target, TagKeys: ['absent'] }));
  const policy = { ...fresh.policies[0], Id: 'mine' };
  const request = { ...target, PolicyName: 'default', Policy: JSON.stringify(policy) };
  await used.client.send(new PutKeyPolicyCommand(request));
  await used.client.send(new RetireGrantCommand({ ...target, GrantId: made.grants[0]?.GrantId }));
  await used.client.send(new DisableKeyCommand(target));
  const changed = await details(made.arn);
  expect(changed).toMatchObject({ state: 'Disabled', grants: [], tags: { Name: 'myKey' }, policies: [policy] });
  expect(changed.key.Description).toBe('changed');
  await used.client.send(new EnableKeyCommand(target));

  // Absent schedules the deletion and reads all once more; present takes it back, to a disabled key.
  await used.client.send(new ScheduleKeyDeletionCommand({ ...target, PendingWindowInDays: 7 }));
  const deleted = await details(made.arn);
  expect(deleted.state).toBe('PendingDeletion');
  expect(deleted.key.DeletionDate).toBeInstanceOf(Date);
  await used.client.send(new CancelKeyDeletionCommand(target));
  expect((await details(made.arn)).state).toBe('Disabled');
});

test.each<[string, CreateKeyCommandInput, boolean | null]>([
  ['RSA_2048', { ...createInput, CustomerMasterKeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, false],
  ['Origin EXTERNAL', { Origin: 'EXTERNAL' }, null],
])('kms_key_info reads a key that does not rotate: %s', async (_, input, rotation) => {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(input));
  expect((await details(KeyMetadata?.KeyId ?? '')).rotation).toBe(rotation);
});

test('kms_key_info reads all keys of the Region', async () => {
  const states = [];
  for await (const { Keys = [] } of paginateListKeys({ client: used.client }, {})) {
    for (const { KeyId = '' } of Keys) states.push((await details(KeyId)).state);
  }
  expect(states.length).toBeGreaterThan(0);
  expect(states).not.toContain(undefined);
});
