import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type GrantConstraints,
  type GrantOperation,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  allow,
  arnOf,
  deny,
  keyId,
  policy,
  role,
  root,
  to,
  useAccess,
  user,
  verdictOf,
} from '../../support/access.ts';

const [KeyId, other] = [keyId(1), keyId(2)];
const session = `arn:aws:sts::${account}:assumed-role/app/one`;
const byIam = to(root(), allow('kms:*'));
const Plaintext = Buffer.from('secret');
const context = { Department: 'IT' };
const more = { Department: 'IT', Purpose: 'Test' };

const used = useAccess({
  Keys: [
    { KeyId, Policy: policy(byIam) },
    { KeyId: other, Policy: policy(byIam) },
  ],
  Principals: [
    { AccessKeyId: 'alice', Arn: user('alice') },
    { AccessKeyId: 'bob', Arn: user('bob') },
    { AccessKeyId: 'session', Arn: session },
    { AccessKeyId: 'retirer', Arn: user('retirer'), Policies: [policy(allow('kms:RetireGrant'))] },
    { AccessKeyId: 'barred', Arn: user('barred'), Policies: [policy(deny('kms:RetireGrant'), deny('kms:Decrypt'))] },
    { AccessKeyId: 'revoker', Arn: user('revoker'), Policies: [policy(allow('kms:RevokeGrant'))] },
    { AccessKeyId: 'delegate', Arn: user('delegate'), Policies: [policy(allow('kms:Encrypt'))] },
  ],
});

beforeEach(() => used.emulator.reset());

const grant = (Operations: GrantOperation[], input: Partial<CreateGrantCommandInput> = {}, as = 'root') =>
  used.as(as).send(new CreateGrantCommand({ KeyId, GranteePrincipal: user('alice'), Operations, ...input }));
const encrypt = (as: string, EncryptionContext?: Record<string, string>) =>
  verdictOf(used.as(as).send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext })));
const refused = /not authorized to perform/;

describe('a grant lets its grantee do its operations, and nobody else, and nothing else', () => {
  test('a user', async () => {
    expect(await encrypt('alice')).toMatch(refused);
    const { GrantId } = await grant(['Encrypt', 'DescribeKey']);
    expect(await encrypt('alice')).toBe('allowed');
    expect(await verdictOf(used.as('alice').send(new DescribeKeyCommand({ KeyId })))).toBe('allowed');
    expect(await encrypt('bob')).toMatch(refused);
    expect(await verdictOf(used.as('alice').send(new ListGrantsCommand({ KeyId })))).toMatch(refused);
    const { CiphertextBlob } = await used.as('root').send(new EncryptCommand({ KeyId, Plaintext }));
    expect(await verdictOf(used.as('alice').send(new DecryptCommand({ CiphertextBlob })))).toMatch(refused);
    await used.as('root').send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await encrypt('alice')).toMatch(refused);
  });

  test.for([
    ['the role of a session', role('app')],
    ['a session', session],
  ])('%s', async ([, GranteePrincipal]) => {
    expect(await encrypt('session')).toMatch(refused);
    await grant(['Encrypt'], { GranteePrincipal });
    expect(await encrypt('session')).toBe('allowed');
  });

  test('an account, which leaves it to its identity policies', async () => {
    const Policy = JSON.stringify(policy(to(root(), allow(['kms:PutKeyPolicy', 'kms:CreateGrant']))));
    await used.as('root').send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await encrypt('delegate')).toMatch(/no resource-based policy/);
    await grant(['Encrypt'], { GranteePrincipal: root() });
    expect(await encrypt('delegate')).toBe('allowed');
    expect(await encrypt('alice')).toMatch(refused);
    expect(await encrypt('root')).toBe('allowed');
  });

  test('with a token or without', async () => {
    const { GrantToken } = await grant(['Encrypt']);
    const call = new EncryptCommand({ KeyId, Plaintext, GrantTokens: [GrantToken ?? ''] });
    expect(await verdictOf(used.as('alice').send(call))).toBe('allowed');
    // A token is no key: whoever is not the grantee has nothing from it.
    expect(await verdictOf(used.as('bob').send(call))).toMatch(refused);
  });

  test('an explicit deny goes before it', async () => {
    await grant(['Encrypt', 'Decrypt'], { GranteePrincipal: user('barred') });
    expect(await encrypt('barred')).toBe('allowed');
    const { CiphertextBlob } = await used.as('root').send(new EncryptCommand({ KeyId, Plaintext }));
    const decrypt = used.as('barred').send(new DecryptCommand({ CiphertextBlob }));
    expect(await verdictOf(decrypt)).toMatch(/with an explicit deny in an identity-based policy/);
    const Policy = JSON.stringify(policy(byIam, to(user('barred'), deny('kms:Encrypt'))));
    await used.as('root').send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await encrypt('barred')).toMatch(/with an explicit deny in a resource-based policy/);
  });

  test('each half of ReEncrypt is its own operation, on its own key', async () => {
    const { CiphertextBlob } = await used
      .as('root')
      .send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: context }));
    const reEncrypt = () =>
      verdictOf(
        used.as('alice').send(
          new ReEncryptCommand({
            CiphertextBlob,
            SourceEncryptionContext: context,
            DestinationKeyId: other,
            DestinationEncryptionContext: more,
          }),
        ),
      );
    await grant(['ReEncryptFrom'], { Constraints: { EncryptionContextEquals: context } });
    expect(await reEncrypt()).toMatch(new RegExp(`kms:ReEncryptTo on resource: ${arnOf(2)}`));
    await grant(['ReEncryptTo'], { KeyId: other, Constraints: { EncryptionContextEquals: more } });
    expect(await reEncrypt()).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-constraints */
describe('constraints', () => {
  test.for<[string, GrantConstraints, Record<string, string> | undefined]>([
    ['allowed', { EncryptionContextEquals: context }, context],
    ['refused', { EncryptionContextEquals: context }, more],
    ['refused', { EncryptionContextEquals: context }, undefined],
    ['refused', { EncryptionContextEquals: context }, { department: 'IT' }],
    ['allowed', { EncryptionContextSubset: context }, context],
    ['allowed', { EncryptionContextSubset: context }, more],
    ['refused', { EncryptionContextSubset: more }, context],
    ['refused', { EncryptionContextSubset: context }, { Department: 'it' }],
  ])('%s: %j with the context %j', async ([verdict, Constraints, used]) => {
    await grant(['Encrypt', 'DescribeKey'], { Constraints });
    expect(await encrypt('alice', used)).toMatch(verdict === 'allowed' ? /^allowed$/ : refused);
  });

  test('leave DescribeKey alone', async () => {
    await grant(['Encrypt', 'DescribeKey'], { Constraints: { EncryptionContextEquals: context } });
    expect(await verdictOf(used.as('alice').send(new DescribeKeyCommand({ KeyId })))).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant */
describe('a grant by a grant', () => {
  const subset = { EncryptionContextSubset: context };
  test.for<[string, GrantOperation[], GrantConstraints | undefined, GrantConstraints | undefined]>([
    ['allowed', ['Decrypt'], undefined, undefined],
    ['allowed', ['CreateGrant', 'Decrypt'], undefined, { EncryptionContextEquals: context }],
    ['refused', ['Encrypt'], undefined, undefined],
    ['refused', ['Decrypt', 'Encrypt'], undefined, undefined],
    ['allowed', ['Decrypt'], subset, subset],
    ['allowed', ['Decrypt'], subset, { EncryptionContextSubset: more }],
    ['allowed', ['Decrypt'], subset, { EncryptionContextEquals: context }],
    ['refused', ['Decrypt'], subset, undefined],
    ['refused', ['Decrypt'], subset, { EncryptionContextSubset: { Purpose: 'Test' } }],
    ['refused', ['Decrypt'], { EncryptionContextEquals: context }, subset],
    ['refused', ['Decrypt'], { EncryptionContextEquals: context }, { EncryptionContextEquals: more }],
    ['allowed', ['Decrypt'], { EncryptionContextEquals: context }, { EncryptionContextEquals: context }],
  ])('%s: %j, of a grant with %j under %j', async ([verdict, operations, parent, child]) => {
    await grant(['GenerateDataKey', 'Decrypt', 'CreateGrant'], parent === undefined ? {} : { Constraints: parent });
    const input = { GranteePrincipal: user('bob'), ...(child && { Constraints: child }) };
    expect(await verdictOf(grant(operations, input, 'alice'))).toMatch(verdict === 'allowed' ? /^allowed$/ : refused);
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html */
describe('who ends a grant', () => {
  const retiredBy = async (as: string, input: Partial<CreateGrantCommandInput>, operations: GrantOperation[]) => {
    const { GrantId, GrantToken } = await grant(operations, input);
    const byId = { KeyId: arnOf(1), GrantId, DryRun: true };
    const verdict = await verdictOf(used.as(as).send(new RetireGrantCommand(byId)));
    const byToken = await verdictOf(used.as(as).send(new RetireGrantCommand({ GrantToken })));
    expect(/^DryRunOperation/.test(verdict)).toBe(byToken === 'allowed');
    return byToken;
  };
  const retiring = { RetiringPrincipal: user('bob') };
  test.for<[string, string, Partial<CreateGrantCommandInput>, GrantOperation[]]>([
    ['the retiring principal', 'bob', retiring, ['Decrypt']],
    ['a session of a retiring role', 'session', { RetiringPrincipal: role('app') }, ['Decrypt']],
    ['the grantee, where the grant says so', 'alice', {}, ['Decrypt', 'RetireGrant']],
    ['the account', 'root', retiring, ['Decrypt']],
    ['whom the account lets by a policy', 'retirer', retiring, ['Decrypt']],
  ])('%s may retire it', async ([, as, input, operations]) => {
    expect(await retiredBy(as, input, operations)).toBe('allowed');
  });

  test.for<[string, string, Partial<CreateGrantCommandInput>, GrantOperation[]]>([
    ['the grantee, where the grant does not say so', 'alice', {}, ['Decrypt']],
    ['another principal', 'bob', {}, ['Decrypt', 'RetireGrant']],
    ['a retiring principal with an explicit deny', 'barred', { RetiringPrincipal: user('barred') }, ['Decrypt']],
  ])('%s may not', async ([, as, input, operations]) => {
    expect(await retiredBy(as, input, operations)).toMatch(refused);
  });

  test('whoever has kms:RevokeGrant revokes it, and a retiring principal does not', async () => {
    const { GrantId } = await grant(['Decrypt'], retiring);
    const revoke = (as: string) => verdictOf(used.as(as).send(new RevokeGrantCommand({ KeyId, GrantId })));
    expect(await revoke('bob')).toMatch(refused);
    expect(await revoke('revoker')).toBe('allowed');
  });
});
