import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  RetireGrantCommand,
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

const otherAccount = '444455556666';
const use = allow(['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant', 'kms:GetKeyPolicy']);
const policies = {
  toThem: [byIam, to(root(otherAccount), use)],
  toEngineering: [byIam, to(role('Engineering', otherAccount), use)],
  toEverybody: [byIam, to('*', use)],
  toUs: [byIam],
  notToThem: [byIam, to('*', use), to(root(otherAccount), deny('kms:Encrypt'))],
};
type KeyName = keyof typeof policies;
const { keys, toKeyNumber } = numberKeys(policies);

const used = useAccess({
  Keys: keys,
  Principals: [
    { AccessKeyId: 'bob', Arn: role('Engineering', otherAccount), Policies: [policy(use)] },
    { AccessKeyId: 'alice', Arn: user('alice', otherAccount), Policies: [policy(use)] },
    { AccessKeyId: 'unprivileged', Arn: user('unprivileged', otherAccount) },
    { AccessKeyId: 'grantee', Arn: user('grantee', otherAccount) },
    { AccessKeyId: 'ours', Arn: user('ours'), Policies: [policy(use)] },
  ],
});

const encrypt = (as: string, KeyId: string) =>
  readVerdict(used.as(as).send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })));
const hidden =
  'on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';
const noIdentity = 'on this resource because no identity-based policy allows the kms:Encrypt action';

describe('access to a key in another account', () => {
  // An access key id with twelve digits identifies the root user of that account.
  test.for<[KeyName, string, 'allowed' | 'denied by the key policy' | 'denied by IAM']>([
    ['toThem', 'bob', 'allowed'],
    ['toThem', 'alice', 'allowed'],
    ['toThem', 'unprivileged', 'denied by IAM'],
    ['toThem', otherAccount, 'allowed'],
    ['toThem', '999999999999', 'denied by the key policy'],
    ['toEngineering', 'bob', 'allowed'],
    ['toEngineering', 'alice', 'denied by the key policy'],
    ['toEngineering', otherAccount, 'denied by the key policy'],
    ['toEverybody', 'alice', 'allowed'],
    ['toEverybody', 'unprivileged', 'denied by IAM'],
    ['toEverybody', '999999999999', 'allowed'],
    ['toUs', 'bob', 'denied by the key policy'],
    ['toUs', otherAccount, 'denied by the key policy'],
    ['toUs', 'ours', 'allowed'],
    ['notToThem', 'alice', 'denied by the key policy'],
    ['notToThem', '999999999999', 'allowed'],
  ])('Encrypt as $1 with key $0 is $2', async ([name, as, outcome]) => {
    const verdict = await encrypt(as, formatKeyArn(toKeyNumber(name)));
    if (outcome === 'allowed') expect(verdict).toBe('allowed');
    else expect(verdict).toContain(`kms:Encrypt ${outcome === 'denied by the key policy' ? hidden : noIdentity}`);
    expect(await encrypt(as, `arn:aws:kms:us-east-1:${account}:alias/${name}`)).toBe(verdict);
  });

  test('access to a key in another account is denied with the same message if the key does not exist', async () => {
    expect(await encrypt('bob', formatKeyArn(99))).toBe(await encrypt('bob', formatKeyArn(toKeyNumber('toUs'))));
  });

  test("the error for Decrypt with a key in another account does not reveal the ciphertext's key", async () => {
    const { CiphertextBlob } = await used
      .as('ours')
      .send(new EncryptCommand({ KeyId: keyId(toKeyNumber('toUs')), Plaintext: Buffer.from('x') }));
    expect(await readVerdict(used.as('bob').send(new DecryptCommand({ CiphertextBlob })))).toBe(
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    );
  });

  test('access to a key in another account is denied for operations that KMS does not allow across accounts', async () => {
    const KeyId = formatKeyArn(toKeyNumber('toThem'));
    expect(await readVerdict(used.as('bob').send(new DescribeKeyCommand({ KeyId })))).toBe('allowed');
    expect(await readVerdict(used.as('bob').send(new GetKeyPolicyCommand({ KeyId })))).toContain(hidden);
  });

  test("access to a key in another account requires an ARN, because a key id identifies a key in the caller's account", async () => {
    expect(await encrypt('bob', keyId(1))).toMatch(/^NotFoundException: .*:444455556666:key/);
  });
});

describe('a grant to a principal in another account', () => {
  test('a grant to a principal in another account is sufficient only if a principal in that account created it', async () => {
    const KeyId = formatKeyArn(toKeyNumber('toUs'));
    const GranteePrincipal = user('grantee', otherAccount);
    const grant = (as: string, key = KeyId) =>
      used.as(as).send(new CreateGrantCommand({ KeyId: key, GranteePrincipal, Operations: ['Encrypt'] }));
    expect(await encrypt('grantee', KeyId)).toContain(hidden);
    await grant(account);
    expect(await encrypt('grantee', KeyId)).toContain('no identity-based policy');
    const shared = formatKeyArn(toKeyNumber('toThem'));
    expect(await encrypt('grantee', shared)).toContain('no identity-based policy');
    const { GrantToken } = await grant('alice', shared);
    expect(await encrypt('grantee', shared)).toBe('allowed');
    expect(await readVerdict(used.as('unprivileged').send(new RetireGrantCommand({ GrantToken })))).toContain(
      'kms:RetireGrant on this resource because no identity-based policy allows the kms:RetireGrant action',
    );
    expect(await readVerdict(used.as(otherAccount).send(new RetireGrantCommand({ GrantToken })))).toBe('allowed');
  });
});
