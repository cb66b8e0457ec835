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
import { catchError, useEmulator } from '../../support/emulator.ts';

/**
 * Sends the same requests as the Ansible modules kms_key and kms_key_info (formerly aws_kms), in the same order, and
 * checks the members that the modules read (plugins/modules/kms_key.py in ansible-collections/amazon.aws). The SDK
 * sends the requests, because the collection is not a dependency of the tests.
 */
const used = useEmulator({ seed: 'none' });

/** Reads the members that get_key_details expects to be present. */
async function readDetails(KeyId: string) {
  const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId }));
  const key = KeyMetadata!;
  const aliases: string[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: used.client }, {})) {
    aliases.push(
      ...Aliases.filter(({ TargetKeyId }) => TargetKeyId === key.KeyId).map(({ AliasName = '' }) => AliasName.slice(6)),
    );
  }
  // The module maps AccessDeniedException and UnsupportedOperationException to None. Any other error fails the task.
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

test('kms_key creates a key, changes it, deletes it and cancels the deletion', async () => {
  // The alias does not exist yet.
  expect((await catchError(readDetails('alias/mykey'))).name).toBe('NotFoundException');

  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(createInput));
  const KeyId = KeyMetadata?.KeyId ?? '';
  const fresh = await readDetails(KeyId);
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
  const created = await readDetails(KeyId);
  expect(created).toMatchObject({ aliases: ['mykey'], rotation: true });
  expect(created.grants).toMatchObject([
    { Name: 'billing_prod', GranteePrincipal: grantee, Operations: ['Decrypt', 'RetireGrant'], Constraints },
  ]);
  expect(created.grants[0]).toMatchObject({
    KeyId: created.arn,
    IssuingAccount: expect.stringMatching(/^arn:aws:iam::000000000000:root$/),
    CreationDate: expect.any(Date),
  });

  // The module finds the key by its alias and changes the key by its ARN.
  const { KeyMetadata: byAlias } = await used.client.send(new DescribeKeyCommand({ KeyId: 'alias/mykey' }));
  expect(byAlias?.Arn).toBe(created.arn);
  const target = { KeyId: created.arn };
  await used.client.send(new UpdateKeyDescriptionCommand({ ...target, Description: 'changed' }));
  await used.client.send(new TagResourceCommand({ ...target, Tags: [{ TagKey: 'Name', TagValue: 'myKey' }] }));
  await used.client.send(new UntagResourceCommand({ ...target, TagKeys: ['absent'] }));
  const policy = { ...fresh.policies[0], Id: 'mine' };
  const request = { ...target, PolicyName: 'default', Policy: JSON.stringify(policy) };
  await used.client.send(new PutKeyPolicyCommand(request));
  await used.client.send(new RetireGrantCommand({ ...target, GrantId: created.grants[0]?.GrantId }));
  await used.client.send(new DisableKeyCommand(target));
  const changed = await readDetails(created.arn);
  expect(changed).toMatchObject({ state: 'Disabled', grants: [], tags: { Name: 'myKey' }, policies: [policy] });
  expect(changed.key.Description).toBe('changed');
  await used.client.send(new EnableKeyCommand(target));

  // State `absent` schedules the deletion and reads the key again. State `present` cancels the deletion, which disables the key.
  await used.client.send(new ScheduleKeyDeletionCommand({ ...target, PendingWindowInDays: 7 }));
  const deleted = await readDetails(created.arn);
  expect(deleted.state).toBe('PendingDeletion');
  expect(deleted.key.DeletionDate).toBeInstanceOf(Date);
  await used.client.send(new CancelKeyDeletionCommand(target));
  expect((await readDetails(created.arn)).state).toBe('Disabled');
});

test.each<[string, CreateKeyCommandInput, boolean | null]>([
  ['key spec RSA_2048', { ...createInput, CustomerMasterKeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, false],
  ['Origin EXTERNAL', { Origin: 'EXTERNAL' }, false],
])('kms_key_info reads a key with %s, which cannot rotate automatically', async (_, input, rotation) => {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(input));
  expect((await readDetails(KeyMetadata?.KeyId ?? '')).rotation).toBe(rotation);
});

test('kms_key_info reads all keys in the Region', async () => {
  const states = [];
  for await (const { Keys = [] } of paginateListKeys({ client: used.client }, {})) {
    for (const { KeyId = '' } of Keys) states.push((await readDetails(KeyId)).state);
  }
  expect(states.length).toBeGreaterThan(0);
  expect(states).not.toContain(undefined);
});
