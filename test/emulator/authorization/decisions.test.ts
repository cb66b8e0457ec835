import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  UpdateAliasCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import {
  account,
  allow,
  byIam,
  deny,
  formatKeyArn,
  keyId,
  numberKeys,
  policy,
  readVerdict,
  role,
  root,
  to,
  useAccess,
  user,
} from '../../support/access.ts';
import { clientFor } from '../../support/emulator.ts';

const session = `arn:aws:sts::${account}:assumed-role/Engineering/bob`;
const boundary = policy(allow('kms:Decrypt'));
const encryptOnly = allow(['kms:Encrypt']);

/** The statements of each key's policy, in addition to a statement that lets the root user change the policy. */
const policies = {
  byIam: [byIam],
  toAlice: [to(user('Alice'), encryptOnly)],
  toRole: [to(role('Engineering'), encryptOnly)],
  toSession: [to(session, encryptOnly)],
  toEverybody: [to('*', encryptOnly)],
  toNobody: [],
  deniedToAlice: [byIam, to(user('Alice'), deny('kms:Encrypt'))],
  deniedToAccount: [to(user('Alice'), encryptOnly), to(root(), deny('kms:Encrypt'))],
} as const;
type KeyName = keyof typeof policies;
const { keys, toKeyNumber } = numberKeys(policies, to(root(), allow('kms:PutKeyPolicy')));

const principals = {
  alice: { Arn: user('Alice') },
  aliceByIam: { Arn: user('Alice'), Policies: [policy(encryptOnly)] },
  aliceDenied: { Arn: user('Alice'), Policies: [policy(allow('kms:*')), policy(deny('kms:Enc*'))] },
  aliceBounded: { Arn: user('Alice'), Policies: [policy(encryptOnly)], PermissionsBoundary: boundary },
  aliceBarred: { Arn: user('Alice'), PermissionsBoundary: policy(allow('*'), deny('kms:Encrypt')) },
  bob: { Arn: session },
  bobByIam: { Arn: session, Policies: [policy(encryptOnly)] },
  bobBounded: { Arn: session, Policies: [policy(encryptOnly)], PermissionsBoundary: boundary },
  engineer: { Arn: role('Engineering') },
  root: { Arn: root() },
};
type PrincipalName = keyof typeof principals | 'anybody';

const used = useAccess({
  Keys: [
    ...keys,
    { KeyId: keyId(20), Policy: policy(byIam), Aliases: ['alias/first'], KeyState: 'Disabled' },
    ...['1', '2'].map((end) => ({
      KeyId: `mrk-0000000000004000800000000000000${end}`,
      MultiRegion: true,
      ReplicaRegions: ['eu-west-1', 'eu-west-2'],
    })),
    { KeyId: keyId(21), Policy: policy(to(root(), allow('kms:*')), to(user('Carol'), allow('kms:*'))) },
  ],
  Principals: [
    {
      AccessKeyId: 'european',
      Arn: user('european'),
      Policies: [
        policy(
          allow('kms:ReplicateKey'),
          allow('kms:CreateKey', { Condition: { StringLike: { 'aws:RequestedRegion': 'eu-*' } } }),
        ),
      ],
    },
    ...Object.entries(principals).map(([AccessKeyId, more]) => ({ AccessKeyId, ...more })),
    {
      AccessKeyId: 'carol',
      Arn: user('Carol'),
      Policies: [policy(allow(['kms:CreateAlias', 'kms:UpdateAlias'], { Resource: `arn:aws:kms:*:*:alias/carol-*` }))],
    },
  ],
});

const encrypt = (name: KeyName, as: PrincipalName, more = {}) =>
  readVerdict(
    used.as(as).send(new EncryptCommand({ KeyId: keyId(toKeyNumber(name)), Plaintext: Buffer.from('x'), ...more })),
  );

const noResource = 'denied because no resource-based policy allows the kms:Encrypt action';
const noIdentity = 'denied because no identity-based policy allows the kms:Encrypt action';
const noBoundary = 'denied because no permissions boundary allows the kms:Encrypt action';
const denying = (type: string) => `denied with an explicit deny in ${type}`;

/** https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html */
describe('access within an account', () => {
  test.for<[KeyName, PrincipalName, string]>([
    // Example 1 on that page: the default key policy without an IAM policy.
    ['byIam', 'alice', noIdentity],
    ['byIam', 'aliceByIam', 'allowed'],
    ['byIam', 'aliceDenied', denying('an identity-based policy')],
    ['byIam', 'aliceBounded', noBoundary],
    ['byIam', 'aliceBarred', denying('a permissions boundary')],
    ['byIam', 'bobByIam', 'allowed'],
    ['byIam', 'bobBounded', noBoundary],
    ['byIam', 'root', 'allowed'],
    ['byIam', 'anybody', 'allowed'],
    // A key policy is sufficient.
    ['toAlice', 'alice', 'allowed'],
    ['toAlice', 'bobByIam', noResource],
    ['toAlice', 'aliceDenied', denying('an identity-based policy')],
    ['toAlice', 'aliceBounded', 'allowed'],
    ['toAlice', 'aliceBarred', denying('a permissions boundary')],
    // The root user has only the permissions that the key policy grants.
    ['toAlice', 'root', noResource],
    ['toAlice', 'anybody', noResource],
    ['toRole', 'bob', 'allowed'],
    ['toRole', 'engineer', 'allowed'],
    ['toRole', 'bobBounded', noBoundary],
    ['toRole', 'alice', noResource],
    ['toSession', 'bob', 'allowed'],
    ['toSession', 'bobBounded', 'allowed'],
    ['toSession', 'engineer', noResource],
    ['toEverybody', 'alice', 'allowed'],
    ['toEverybody', 'anybody', 'allowed'],
    // "Unless the key policy explicitly allows it, you cannot use IAM policies to allow access to a KMS key."
    ['toNobody', 'aliceByIam', noResource],
    ['toNobody', 'anybody', noResource],
    ['deniedToAlice', 'aliceByIam', denying('a resource-based policy')],
    ['deniedToAlice', 'bobByIam', 'allowed'],
    ['deniedToAccount', 'alice', denying('a resource-based policy')],
    ['deniedToAccount', 'anybody', denying('a resource-based policy')],
  ])('Encrypt with key %s as principal %s is %s', async ([name, as, verdict]) => {
    const arn = as === 'anybody' ? root() : as === 'engineer' ? session.replace('bob', as) : principals[as].Arn;
    const start = `User: ${arn} is not authorized to perform: kms:Encrypt on resource: ${formatKeyArn(toKeyNumber(name))}`;
    expect(await encrypt(name, as)).toBe(verdict === 'allowed' ? verdict : verdict.replace('denied', start));
  });
});

describe('the emulator', () => {
  test('the emulator validates a request before it checks the permission', async () => {
    expect(await encrypt('toNobody', 'alice', { Plaintext: Buffer.alloc(0) })).toMatch(/^ValidationException/);
  });

  test('the emulator checks the permission before the key state, and also in a dry run', async () => {
    const disabled = (as: string) =>
      readVerdict(used.as(as).send(new EncryptCommand({ KeyId: 'alias/first', Plaintext: Buffer.from('x') })));
    expect(await disabled('alice')).toMatch(/because no identity-based policy/);
    expect(await disabled('aliceByIam')).toMatch(/^DisabledException/);
    expect(await encrypt('byIam', 'alice', { DryRun: true })).toMatch(/because no identity-based policy/);
    expect(await encrypt('byIam', 'aliceByIam', { DryRun: true })).toMatch(/^DryRunOperationException/);
  });

  test("the emulator returns NotFoundException for a missing key in the caller's account", async () => {
    const call = used.as('alice').send(new DescribeKeyCommand({ KeyId: keyId(999) }));
    expect(await readVerdict(call)).toMatch(/^NotFoundException/);
  });

  test('the emulator checks the permission before it changes the key', async () => {
    const KeyId = keyId(toKeyNumber('byIam'));
    expect(await readVerdict(used.as('alice').send(new DisableKeyCommand({ KeyId })))).toMatch(/not authorized/);
    expect(await encrypt('byIam', 'aliceByIam')).toBe('allowed');
  });
});

describe('operations on several resources or without a resource', () => {
  test.for([
    ['kms:CreateKey', new CreateKeyCommand({})],
    ['kms:ListKeys', new ListKeysCommand({})],
    ['kms:GenerateRandom', new GenerateRandomCommand({ NumberOfBytes: 1 })],
  ] as const)('%s requires only an identity-based policy for the resource *', async ([action, command]) => {
    const verdict = await readVerdict(used.as('alice').send(command as CreateKeyCommand));
    expect(verdict).toBe(
      `User: ${user('Alice')} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
    );
    expect(await readVerdict(used.as('root').send(command as CreateKeyCommand))).toBe('allowed');
  });

  test('alias operations require permission for the alias and for each key', async () => {
    const create = (AliasName: string, key: number) =>
      readVerdict(used.as('carol').send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId(key) })));
    expect(await create('alias/dave-1', 21)).toMatch(
      /kms:CreateAlias on resource: .*:alias\/dave-1 because no identity/,
    );
    expect(await create('alias/carol-1', 20)).toMatch(
      new RegExp(`on resource: ${formatKeyArn(20)} because no identity`),
    );
    expect(await create('alias/carol-1', 21)).toBe('allowed');
    const update = (AliasName: string, key: number) =>
      readVerdict(used.as('carol').send(new UpdateAliasCommand({ AliasName, TargetKeyId: keyId(key) })));
    expect(await update('alias/carol-1', 20)).toMatch(new RegExp(`on resource: ${formatKeyArn(20)} because`));
    await used.as('root').send(new CreateAliasCommand({ AliasName: 'alias/carol-2', TargetKeyId: keyId(20) }));
    expect(await update('alias/carol-2', 21)).toMatch(new RegExp(`on resource: ${formatKeyArn(20)} because`));
  });

  test('Decrypt without KeyId and ReEncrypt require permission for the keys that KMS uses', async () => {
    const source = keyId(toKeyNumber('byIam'));
    const { CiphertextBlob } = await used
      .as('root')
      .send(new EncryptCommand({ KeyId: source, Plaintext: Buffer.from('x') }));
    const decrypt = (as: string) => readVerdict(used.as(as).send(new DecryptCommand({ CiphertextBlob })));
    expect(await decrypt('root')).toBe('allowed');
    expect(await decrypt('aliceByIam')).toMatch(
      /perform: kms:Decrypt on resource: .* because no identity-based policy/,
    );
    const reEncrypt = (DestinationKeyId: string) =>
      readVerdict(used.as('aliceByIam').send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId })));
    expect(await reEncrypt(keyId(21))).toMatch(
      new RegExp(`perform: kms:ReEncryptFrom on resource: ${formatKeyArn(toKeyNumber('byIam'))}`),
    );
    const byRoot = used
      .as('root')
      .send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: keyId(toKeyNumber('toAlice')) }));
    expect(await readVerdict(byRoot)).toMatch(/perform: kms:ReEncryptTo on resource: .*no resource-based policy/);
  });
});

describe('multi-Region keys', () => {
  const KeyId = 'mrk-00000000000040008000000000000001';
  const replica = `arn:aws:kms:eu-west-1:${account}:key/${KeyId}`;

  test('UpdatePrimaryRegion requires permission for the primary key and for the new primary key', async () => {
    const there = clientFor(used.emulator.endpoint, { account: 'root', region: 'eu-west-1' });
    const Policy = JSON.stringify(policy(byIam, to('*', deny('kms:UpdatePrimaryRegion'))));
    await there.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    there.destroy();
    const update = (PrimaryRegion: string) =>
      readVerdict(used.as('root').send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })));
    expect(await update('eu-west-1')).toMatch(
      new RegExp(`resource: ${replica} with an explicit deny in a resource-based`),
    );
    expect(await update('eu-west-2')).toBe('allowed');
  });

  test("ReplicateKey requires permission for CreateKey in the replica's Region", async () => {
    const replicate = (ReplicaRegion: string) =>
      readVerdict(
        used.as('european').send(new ReplicateKeyCommand({ KeyId: KeyId.replace(/1$/, '2'), ReplicaRegion })),
      );
    expect(await replicate('us-west-2')).toMatch(/perform: kms:CreateKey on resource: \* because no identity-based/);
    expect(await replicate('eu-west-3')).toBe('allowed');
  });
});

describe('a key policy that locks out its author', () => {
  const lockout =
    'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.';
  const toAlice = JSON.stringify(policy(to(user('Alice'), allow('kms:*'))));
  const put = (as: string, Policy: string, BypassPolicyLockoutSafetyCheck?: boolean) => {
    const KeyId = keyId(toKeyNumber('byIam'));
    return readVerdict(used.as(as).send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck })));
  };
  const create = (as: string, Policy: string, BypassPolicyLockoutSafetyCheck?: boolean) =>
    readVerdict(used.as(as).send(new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck })));

  test('PutKeyPolicy and CreateKey reject a key policy that locks out the caller', async () => {
    expect(await put('root', toAlice)).toBe(lockout);
    expect(await create('root', toAlice)).toBe(lockout);
    expect(await create('root', JSON.stringify(policy(byIam, to('*', deny('kms:Put*')))))).toBe(lockout);
    expect(await create('root', JSON.stringify(policy(to(root(), allow('kms:PutKeyPolicy')))))).toBe('allowed');
  });

  test('a key policy that locks out the caller is accepted and applied with BypassPolicyLockoutSafetyCheck', async () => {
    expect(await create('root', toAlice, true)).toBe('allowed');
    expect(await put('root', toAlice, true)).toBe('allowed');
    expect(await put('root', JSON.stringify(policy(byIam)), true)).toMatch(
      /no resource-based policy allows the kms:PutKeyPolicy/,
    );
    expect(await put('alice', JSON.stringify(policy(byIam)), true)).toBe('allowed');
  });
});
