import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  ListGrantsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const role = 'arn:aws:iam::111122223333:role/grantee';
const other = 'arn:aws:iam::111122223333:role/other';
const sourceArn = 'arn:aws:s3:::example-bucket-name';

const create = (KeyId: string, input: Partial<CreateGrantCommandInput> = {}) =>
  used.client.send(new CreateGrantCommand({ KeyId, GranteePrincipal: role, Operations: ['Decrypt'], ...input }));

describe('CreateGrant', () => {
  it('CreateGrant creates a grant that ListGrants returns in full', async () => {
    const { KeyId, Arn } = await createKey(used.client);
    const request = {
      RetiringPrincipal: other,
      Operations: ['Encrypt', 'Decrypt', 'Encrypt'],
      Constraints: { EncryptionContextSubset: { a: '1' }, SourceArn: sourceArn },
      Name: 'full',
    } satisfies Partial<CreateGrantCommandInput>;
    const { GrantId, GrantToken } = await create(KeyId, request);
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(GrantToken).toMatch(/^[\w-]+$/);
    const { Grants } = await used.client.send(new ListGrantsCommand({ KeyId }));
    expect(Grants).toEqual([
      {
        KeyId: Arn,
        GrantId,
        Name: 'full',
        CreationDate: expect.any(Date),
        GranteePrincipal: role,
        RetiringPrincipal: other,
        IssuingAccount: 'arn:aws:iam::000000000000:root',
        Operations: ['Encrypt', 'Decrypt'],
        Constraints: { EncryptionContextSubset: { a: '1' }, SourceArn: sourceArn },
      },
    ]);
  });

  it('CreateGrant accepts an AWS service as the grantee if the request contains a SourceArn constraint and a retiring principal', async () => {
    const { KeyId } = await createKey(used.client);
    await create(KeyId, {
      GranteePrincipal: undefined,
      GranteeServicePrincipal: 's3.amazonaws.com',
      RetiringServicePrincipal: 's3.amazonaws.com',
      Constraints: { SourceArn: sourceArn },
    });
    const { Grants } = await used.client.send(new ListGrantsCommand({ KeyId }));
    expect(Grants?.[0]).toMatchObject({
      GranteeServicePrincipal: 's3.amazonaws.com',
      RetiringServicePrincipal: 's3.amazonaws.com',
      Name: '',
    });
  });

  it('CreateGrant returns the same grant and a new token for a repeated request with the same name', async () => {
    const { KeyId } = await createKey(used.client);
    const context = { EncryptionContextEquals: { a: '1', b: '2' } };
    const first = await create(KeyId, { Name: 'same', Operations: ['Encrypt', 'Decrypt'], Constraints: context });
    const again = await create(KeyId, {
      Name: 'same',
      Operations: ['Decrypt', 'Encrypt'],
      Constraints: { EncryptionContextEquals: { b: '2', a: '1' } },
    });
    expect(again.GrantId).toBe(first.GrantId);
    expect(again.GrantToken).not.toBe(first.GrantToken);
  });

  const base = { Name: 'same', Operations: ['Decrypt'] } satisfies Partial<CreateGrantCommandInput>;
  it.each<[string, Partial<CreateGrantCommandInput>]>([
    ['a missing name', { ...base, Name: undefined }],
    ['another name', { ...base, Name: 'other' }],
    ['other operations', { ...base, Operations: ['Encrypt'] }],
    ['another grantee', { ...base, GranteePrincipal: other }],
    ['a retiring principal', { ...base, RetiringPrincipal: other }],
    ['a constraint', { ...base, Constraints: { EncryptionContextEquals: { a: '1' } } }],
  ])('CreateGrant creates another grant for a request with %s', async (_, input) => {
    const { KeyId } = await createKey(used.client);
    const first = await create(KeyId, input.Name === undefined ? input : base);
    expect((await create(KeyId, input)).GrantId).not.toBe(first.GrantId);
  });

  it('CreateGrant creates a separate grant for the same name on another key', async () => {
    const [one, two] = [await createKey(used.client), await createKey(used.client)];
    expect((await create(one.KeyId, base)).GrantId).not.toBe((await create(two.KeyId, base)).GrantId);
  });

  const source = { Constraints: { SourceArn: sourceArn } };
  const service = { GranteePrincipal: undefined, GranteeServicePrincipal: 's3.amazonaws.com' };
  const rsa = { KeySpec: 'RSA_2048' } satisfies CreateKeyCommandInput;
  it.each<[string, string, RegExp, Partial<CreateGrantCommandInput>]>([
    [
      'a missing grantee',
      'ValidationException',
      /GranteePrincipal or GranteeServicePrincipal/,
      { GranteePrincipal: undefined },
    ],
    ['two grantees', 'ValidationException', /not both/, { GranteeServicePrincipal: 's3.amazonaws.com' }],
    [
      'two retiring principals',
      'ValidationException',
      /not both/,
      { RetiringPrincipal: role, RetiringServicePrincipal: 's3.amazonaws.com' },
    ],
    [
      'a service without a SourceArn constraint',
      'ValidationException',
      /SourceArn/,
      { ...service, RetiringPrincipal: role },
    ],
    ['a service without a retiring principal', 'ValidationException', /RetiringPrincipal/, { ...service, ...source }],
    [
      'a malformed service principal',
      'ValidationException',
      /not an AWS service principal/,
      { ...service, ...source, GranteeServicePrincipal: 'S3', RetiringPrincipal: role },
    ],
    [
      'a group as the grantee',
      'InvalidArnException',
      /principal/,
      { GranteePrincipal: 'arn:aws:iam::111122223333:group/x' },
    ],
    ['a name instead of an ARN', 'InvalidArnException', /principal/, { GranteePrincipal: 'grantee' }],
    [
      'a grantee in another partition',
      'InvalidArnException',
      /principal/,
      { GranteePrincipal: role.replace('aws', 'aws-cn') },
    ],
    ['a malformed retiring principal', 'InvalidArnException', /principal/, { RetiringPrincipal: 'arn:aws:s3:::x' }],
    ['an empty list of operations', 'ValidationException', /at least one/, { Operations: [] }],
    [
      'CreateGrant as the only operation',
      'ValidationException',
      /^Grants must not contain only the CreateGrant operation\.$/,
      { Operations: ['CreateGrant'] },
    ],
    ['an unknown operation', 'ValidationException', /enum value set/, { Operations: ['Fly' as 'Sign'] }],
    [
      'an operation that the key does not support',
      'ValidationException',
      /^Operations \[Sign\] are not supported when creating a grant/,
      { Operations: ['Sign'] },
    ],
    [
      'two encryption context constraints',
      'ValidationException',
      /^More than one constraint supplied$/,
      { Constraints: { EncryptionContextEquals: {}, EncryptionContextSubset: {} } },
    ],
    [
      'nine encryption context pairs',
      'ValidationException',
      /8 pairs/,
      { Constraints: { EncryptionContextEquals: Object.fromEntries([...'123456789'].map((n) => [n, n])) } },
    ],
    [
      'an encryption context value that is too long',
      'ValidationException',
      /384/,
      { Constraints: { EncryptionContextSubset: { a: 'x'.repeat(385) } } },
    ],
    ['a malformed grant token', 'InvalidGrantTokenException', /token/, { GrantTokens: ['AQIDBA'] }],
    ['a name with a space', 'ValidationException', /'name' failed/, { Name: 'a b' }],
  ])('CreateGrant rejects %s with %s', async (_, name, message, input) => {
    const { KeyId } = await createKey(used.client);
    const error = await catchError(create(KeyId, input));
    expect(error).toEqual({ name, message: expect.stringMatching(message) });
  });

  it.each<[CreateKeyCommandInput, readonly string[]]>([
    [{}, ['Encrypt', 'ReEncryptTo', 'GenerateDataKey', 'GenerateDataKeyPairWithoutPlaintext', 'DescribeKey']],
    [{ ...rsa, KeyUsage: 'ENCRYPT_DECRYPT' }, ['Encrypt', 'ReEncryptFrom', 'GetPublicKey', 'CreateGrant']],
    [{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, ['Sign', 'Verify', 'GetPublicKey', 'RetireGrant']],
    [{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }, ['DeriveSharedSecret', 'GetPublicKey']],
    [{ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, ['GenerateMac', 'VerifyMac']],
    [{ KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' }, ['Encapsulate', 'Decapsulate']],
  ])('CreateGrant for a key with %o accepts %o and rejects unsupported operations', async (spec, operations) => {
    const { KeyId, KeySpec } = await createKey(used.client, spec);
    await create(KeyId, { Operations: operations as never });
    const foreign = KeySpec === 'HMAC_256' ? 'Sign' : 'GenerateMac';
    expect((await catchError(create(KeyId, { Operations: [foreign] }))).name).toBe('ValidationException');
    if (KeySpec === 'SYMMETRIC_DEFAULT') return;
    const context = create(KeyId, { Operations: operations as never, Constraints: { EncryptionContextEquals: {} } });
    expect((await catchError(context)).message).toMatch(/^EncryptionContext is supported only/);
  });

  it('CreateGrant rejects an alias and an unknown key', async () => {
    expect((await catchError(create('alias/none'))).name).toBe('InvalidArnException');
    expect((await catchError(create('5a4d1e00-0000-4000-8000-00000000dead'))).name).toBe('NotFoundException');
  });

  it('CreateGrant rejects a key that is disabled or pending deletion', async () => {
    const { KeyId, Arn } = await createKey(used.client);
    await used.client.send(new DisableKeyCommand({ KeyId }));
    expect(await catchError(create(KeyId))).toEqual({ name: 'DisabledException', message: `${Arn} is disabled.` });
    await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    expect((await catchError(create(KeyId))).name).toBe('KMSInvalidStateException');
  });

  it('CreateGrant does not create a grant in a dry run', async () => {
    const { KeyId } = await createKey(used.client);
    expect((await catchError(create(KeyId, { DryRun: true }))).name).toBe('DryRunOperationException');
    expect((await used.client.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
  });

  it('CreateGrant returns a token that other operations accept only if it is unchanged', async () => {
    const { KeyId } = await createKey(used.client);
    const { GrantToken = '' } = await create(KeyId);
    await used.client.send(new DescribeKeyCommand({ KeyId, GrantTokens: [GrantToken] }));
    const tampered = `${GrantToken.slice(0, -1)}${GrantToken.endsWith('A') ? 'E' : 'A'}`;
    const call = used.client.send(new DescribeKeyCommand({ KeyId, GrantTokens: [tampered] }));
    // The AWS model of DescribeKey does not contain this error, but the SDK still returns its name.
    expect((await catchError(call)).name).toBe('InvalidGrantTokenException');
  });

  it("CreateGrant sets IssuingAccount to the caller's account for a key in another account", async () => {
    const Statement = ['000000000000', '444455556666'].map((AWS) => ({
      Effect: 'Allow',
      Principal: { AWS },
      Action: 'kms:*',
      Resource: '*',
    }));
    const { Arn } = await createKey(used.client, { Policy: JSON.stringify({ Statement }) });
    const client = clientFor(used.emulator.endpoint, { account: '444455556666' });
    await client.send(new CreateGrantCommand({ KeyId: Arn, GranteePrincipal: role, Operations: ['Decrypt'] }));
    const { Grants } = await used.client.send(new ListGrantsCommand({ KeyId: Arn }));
    expect(Grants?.[0]?.IssuingAccount).toBe('arn:aws:iam::444455556666:root');
    client.destroy();
  });
});
