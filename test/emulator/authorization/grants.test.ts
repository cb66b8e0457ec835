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
import { createGrantToken, readGrantToken } from '../../../emulator/authorization/grant-token.ts';
import {
  account,
  allow,
  byIam,
  deny,
  formatKeyArn,
  keyId,
  policy,
  readVerdict,
  role,
  root,
  to,
  useAccess,
  user,
} from '../../support/access.ts';

const [KeyId, other] = [keyId(1), keyId(2)];
const session = `arn:aws:sts::${account}:assumed-role/app/one`;
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
  readVerdict(used.as(as).send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext })));
const denied = /not authorized to perform/;

describe('a grant', () => {
  test('a grant allows only its operations, and only to its grantee', async () => {
    expect(await encrypt('alice')).toMatch(denied);
    const { GrantId } = await grant(['Encrypt', 'DescribeKey']);
    expect(await encrypt('alice')).toBe('allowed');
    expect(await readVerdict(used.as('alice').send(new DescribeKeyCommand({ KeyId })))).toBe('allowed');
    expect(await encrypt('bob')).toMatch(denied);
    expect(await readVerdict(used.as('alice').send(new ListGrantsCommand({ KeyId })))).toMatch(denied);
    const { CiphertextBlob } = await used.as('root').send(new EncryptCommand({ KeyId, Plaintext }));
    expect(await readVerdict(used.as('alice').send(new DecryptCommand({ CiphertextBlob })))).toMatch(denied);
    await used.as('root').send(new RevokeGrantCommand({ KeyId, GrantId }));
    expect(await encrypt('alice')).toMatch(denied);
  });

  test.for([
    ['its role', role('app')],
    ['the session', session],
  ])('a grant applies to a session if the grantee is %s', async ([, GranteePrincipal]) => {
    expect(await encrypt('session')).toMatch(denied);
    await grant(['Encrypt'], { GranteePrincipal });
    expect(await encrypt('session')).toBe('allowed');
  });

  test('a grant to an account applies to a user in the account if an identity-based policy allows the request', async () => {
    const Policy = JSON.stringify(policy(to(root(), allow(['kms:PutKeyPolicy', 'kms:CreateGrant']))));
    await used.as('root').send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await encrypt('delegate')).toMatch(/no resource-based policy/);
    await grant(['Encrypt'], { GranteePrincipal: root() });
    expect(await encrypt('delegate')).toBe('allowed');
    expect(await encrypt('alice')).toMatch(denied);
    expect(await encrypt('root')).toBe('allowed');
  });

  test('a grant applies with and without its grant token', async () => {
    const { GrantToken } = await grant(['Encrypt']);
    const call = new EncryptCommand({ KeyId, Plaintext, GrantTokens: [GrantToken ?? ''] });
    expect(await readVerdict(used.as('alice').send(call))).toBe('allowed');
    // A grant token does not give permission to a caller other than the grantee.
    expect(await readVerdict(used.as('bob').send(call))).toMatch(denied);
  });

  test('a grant token stays valid with later versions of the emulator', () => {
    const grantId = '00'.repeat(32);
    const earlier =
      'ATBf4CoiRWmLEEWUSARfHwfJRm3e9ZciJX9M3IW2F2WfAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABhcm46YXdzOmttczp1cy1lYXN0LTE6MDAwMDAwMDAwMDAwOmtleS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDE';
    expect(readGrantToken(earlier)).toEqual({ keyArn: formatKeyArn(1), grantId });
  });

  test('a grant token is different each time, and is invalid if any part was changed', async () => {
    const named = { keyArn: formatKeyArn(1), grantId: '0f'.repeat(32) };
    const tokens = Array.from({ length: 20 }, () => createGrantToken(named));
    expect(new Set(tokens).size).toBe(20);
    const [token = ''] = tokens;
    expect(readGrantToken(token)).toEqual(named);
    const bytes = Buffer.from(token, 'base64url');
    const changed = Array.from({ length: bytes.length }, (_, index) =>
      Buffer.from(bytes.map((byte, at) => (at === index ? byte ^ 1 : byte))).toString('base64url'),
    );
    const shorter = [0, 1, 2, 16, 17, 33].map((length) => bytes.subarray(0, length).toString('base64url'));
    for (const invalid of [...changed, ...shorter, `${token}=`, ` ${token}`]) {
      expect(() => readGrantToken(invalid), invalid).toThrow(
        expect.objectContaining({ code: 'InvalidGrantTokenException' }),
      );
    }
    const call = new EncryptCommand({ KeyId, Plaintext, GrantTokens: ['AQ'] });
    expect(await readVerdict(used.as('root').send(call))).toMatch(/^InvalidGrantTokenException: /);
  });

  test('an explicit deny overrides a grant', async () => {
    await grant(['Encrypt', 'Decrypt'], { GranteePrincipal: user('barred') });
    expect(await encrypt('barred')).toBe('allowed');
    const { CiphertextBlob } = await used.as('root').send(new EncryptCommand({ KeyId, Plaintext }));
    const decrypt = used.as('barred').send(new DecryptCommand({ CiphertextBlob }));
    expect(await readVerdict(decrypt)).toMatch(/with an explicit deny in an identity-based policy/);
    const Policy = JSON.stringify(policy(byIam, to(user('barred'), deny('kms:Encrypt'))));
    await used.as('root').send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect(await encrypt('barred')).toMatch(/with an explicit deny in a resource-based policy/);
  });

  test('ReEncrypt requires a grant for ReEncryptFrom on the source key and a grant for ReEncryptTo on the destination key', async () => {
    const { CiphertextBlob } = await used
      .as('root')
      .send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: context }));
    const reEncrypt = () =>
      readVerdict(
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
    expect(await reEncrypt()).toMatch(new RegExp(`kms:ReEncryptTo on resource: ${formatKeyArn(2)}`));
    await grant(['ReEncryptTo'], { KeyId: other, Constraints: { EncryptionContextEquals: more } });
    expect(await reEncrypt()).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-constraints */
describe('grant constraints', () => {
  test.for<[string, GrantConstraints, Record<string, string> | undefined]>([
    ['allowed', { EncryptionContextEquals: context }, context],
    ['denied', { EncryptionContextEquals: context }, more],
    ['denied', { EncryptionContextEquals: context }, undefined],
    ['denied', { EncryptionContextEquals: context }, { department: 'IT' }],
    ['allowed', { EncryptionContextSubset: context }, context],
    ['allowed', { EncryptionContextSubset: context }, more],
    ['denied', { EncryptionContextSubset: more }, context],
    ['denied', { EncryptionContextSubset: context }, { Department: 'it' }],
  ])('Encrypt is %s with the constraints %j and the encryption context %j', async ([verdict, Constraints, used]) => {
    await grant(['Encrypt', 'DescribeKey'], { Constraints });
    expect(await encrypt('alice', used)).toMatch(verdict === 'allowed' ? /^allowed$/ : denied);
  });

  test('grant constraints do not apply to DescribeKey', async () => {
    await grant(['Encrypt', 'DescribeKey'], { Constraints: { EncryptionContextEquals: context } });
    expect(await readVerdict(used.as('alice').send(new DescribeKeyCommand({ KeyId })))).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant */
describe('a grant created with permission from another grant', () => {
  const subset = { EncryptionContextSubset: context };
  test.for<[string, GrantOperation[], GrantConstraints | undefined, GrantConstraints | undefined]>([
    ['allowed', ['Decrypt'], undefined, undefined],
    ['allowed', ['CreateGrant', 'Decrypt'], undefined, { EncryptionContextEquals: context }],
    ['denied', ['Encrypt'], undefined, undefined],
    ['denied', ['Decrypt', 'Encrypt'], undefined, undefined],
    ['allowed', ['Decrypt'], subset, subset],
    ['allowed', ['Decrypt'], subset, { EncryptionContextSubset: more }],
    ['allowed', ['Decrypt'], subset, { EncryptionContextEquals: context }],
    ['denied', ['Decrypt'], subset, undefined],
    ['denied', ['Decrypt'], subset, { EncryptionContextSubset: { Purpose: 'Test' } }],
    ['denied', ['Decrypt'], { EncryptionContextEquals: context }, subset],
    ['denied', ['Decrypt'], { EncryptionContextEquals: context }, { EncryptionContextEquals: more }],
    ['allowed', ['Decrypt'], { EncryptionContextEquals: context }, { EncryptionContextEquals: context }],
  ])(
    'CreateGrant through a parent grant is %s for the operations %j, the parent constraints %j and the child constraints %j',
    async ([verdict, operations, parent, child]) => {
      await grant(['GenerateDataKey', 'Decrypt', 'CreateGrant'], parent === undefined ? {} : { Constraints: parent });
      const input = { GranteePrincipal: user('bob'), ...(child && { Constraints: child }) };
      expect(await readVerdict(grant(operations, input, 'alice'))).toMatch(
        verdict === 'allowed' ? /^allowed$/ : denied,
      );
    },
  );
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html */
describe('the end of a grant', () => {
  const retiredBy = async (as: string, input: Partial<CreateGrantCommandInput>, operations: GrantOperation[]) => {
    const { GrantId, GrantToken } = await grant(operations, input);
    const byId = { KeyId: formatKeyArn(1), GrantId, DryRun: true };
    const verdict = await readVerdict(used.as(as).send(new RetireGrantCommand(byId)));
    const byToken = await readVerdict(used.as(as).send(new RetireGrantCommand({ GrantToken })));
    expect(/^DryRunOperation/.test(verdict)).toBe(byToken === 'allowed');
    return byToken;
  };
  const retiring = { RetiringPrincipal: user('bob') };
  test.for<[string, string, Partial<CreateGrantCommandInput>, GrantOperation[]]>([
    ['the retiring principal', 'bob', retiring, ['Decrypt']],
    ['a session of a retiring role', 'session', { RetiringPrincipal: role('app') }, ['Decrypt']],
    ['the grantee, if the grant allows RetireGrant', 'alice', {}, ['Decrypt', 'RetireGrant']],
    ["the account's root user", 'root', retiring, ['Decrypt']],
    ['a principal that an identity-based policy allows', 'retirer', retiring, ['Decrypt']],
  ])('RetireGrant is allowed for %s', async ([, as, input, operations]) => {
    expect(await retiredBy(as, input, operations)).toBe('allowed');
  });

  test.for<[string, string, Partial<CreateGrantCommandInput>, GrantOperation[]]>([
    ['the grantee, if the grant does not allow RetireGrant', 'alice', {}, ['Decrypt']],
    ['another principal', 'bob', {}, ['Decrypt', 'RetireGrant']],
    ['a retiring principal with an explicit deny', 'barred', { RetiringPrincipal: user('barred') }, ['Decrypt']],
  ])('RetireGrant is denied for %s', async ([, as, input, operations]) => {
    expect(await retiredBy(as, input, operations)).toMatch(denied);
  });

  test('RevokeGrant requires the permission kms:RevokeGrant, even from a retiring principal', async () => {
    const { GrantId } = await grant(['Decrypt'], retiring);
    const revoke = (as: string) => readVerdict(used.as(as).send(new RevokeGrantCommand({ KeyId, GrantId })));
    expect(await revoke('bob')).toMatch(denied);
    expect(await revoke('revoker')).toBe('allowed');
  });
});
