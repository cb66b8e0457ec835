import { generateKeyPairSync } from 'node:crypto';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { account, allow, deny, keyId, policy, readVerdict, role, root, to, useAccess } from '../../support/access.ts';
import { buildAttestationDocument } from '../crypto/attestation.ts';

const [symmetric, other, signing, mac, agreement, rsa, external, tagged] = [1, 2, 3, 4, 5, 6, 7, 8].map(keyId) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const unused = keyId(10);
const multiRegion = 'mrk-00000000000040008000000000000001';
const tag = [{ TagKey: 'Team', TagValue: 'payments' }];
const message = Buffer.from('message');
const EncryptionContext = { AppName: 'ExampleApp', Stage: 'Test' };

const encrypt = (input = {}) => new EncryptCommand({ KeyId: symmetric, Plaintext: message, ...input });
const sign = (input = {}) =>
  new SignCommand({ KeyId: signing, Message: message, SigningAlgorithm: 'ECDSA_SHA_256', ...input });
const grant = (input = {}) =>
  new CreateGrantCommand({ KeyId: symmetric, GranteePrincipal: role('app'), Operations: ['Decrypt'], ...input });
const toService = {
  GranteePrincipal: undefined,
  GranteeServicePrincipal: 's3.amazonaws.com',
  RetiringPrincipal: role('admin'),
};
const pair = (KeyPairSpec: 'ECC_NIST_P256' | 'ECC_NIST_P384') =>
  new GenerateDataKeyPairCommand({ KeyId: symmetric, KeyPairSpec });
const create = (input = {}) => new CreateKeyCommand(input);
const describeKey = (KeyId: string) => new DescribeKeyCommand({ KeyId });
const forImport = (input = {}) =>
  new GetParametersForImportCommand({
    KeyId: external,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
    ...input,
  });
const importing = (input = {}) =>
  new ImportKeyMaterialCommand({ KeyId: external, ImportToken: message, EncryptedKeyMaterial: message, ...input });
const random = (pcr0: number) =>
  new GenerateDataKeyCommand({
    KeyId: symmetric,
    KeySpec: 'AES_128',
    Recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: documentWith(pcr0) },
  });
const documentWith = (pcr0: number) =>
  buildAttestationDocument(publicKey, { pcrs: new Map([[0, Buffer.alloc(48, pcr0)]]) });
const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' });
const register = (pcr0: number) => Buffer.alloc(48, pcr0).toString('hex');

type Command = Parameters<KMSClient['send']>[0];
/** A condition, a request that meets it, and a request that does not, if such a request exists. */
type Row = readonly [condition: object, meets: () => unknown, fails: (() => unknown) | undefined];

const equals = (key: string, value: unknown) => ({ StringEquals: { [key]: value } });
const anyEquals = (key: string, ...value: string[]) => ({ 'ForAnyValue:StringEquals': { [key]: value } });
const allEqual = (key: string, ...value: string[]) => ({ 'ForAllValues:StringEquals': { [key]: value } });

/**
 * One row for each condition key in https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html and
 * conditions-aws.html.
 */
const rows: readonly Row[] = [
  [
    { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': true } },
    () => create({ BypassPolicyLockoutSafetyCheck: true }),
    () => create(),
  ],
  [
    { Null: { 'kms:BypassPolicyLockoutSafetyCheck': true } },
    () => create(),
    () => create({ BypassPolicyLockoutSafetyCheck: true }),
  ],
  [equals('kms:CallerAccount', account), () => encrypt(), undefined],
  [equals('kms:DataKeyPairSpec', 'ECC_NIST_P256'), () => pair('ECC_NIST_P256'), () => pair('ECC_NIST_P384')],
  [
    equals('kms:EncryptionAlgorithm', 'SYMMETRIC_DEFAULT'),
    () => encrypt(),
    () => encrypt({ KeyId: rsa, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
  ],
  [
    equals('kms:EncryptionAlgorithm', 'SYMMETRIC_DEFAULT'),
    () => new GenerateDataKeyCommand({ KeyId: symmetric, KeySpec: 'AES_256' }),
    () => describeKey(symmetric),
  ],
  [equals('kms:EncryptionContext:appname', 'ExampleApp'), () => encrypt({ EncryptionContext }), () => encrypt()],
  [
    equals('kms:EncryptionContext:AppName', 'ExampleApp'),
    () => encrypt({ EncryptionContext }),
    () => encrypt({ EncryptionContext: { AppName: 'exampleapp' } }),
  ],
  [
    equals('kms:EncryptionContext:AppName', 'ExampleApp'),
    () => grant({ Constraints: { EncryptionContextSubset: EncryptionContext } }),
    () => grant(),
  ],
  [
    anyEquals('kms:EncryptionContextKeys', 'AppName'),
    () => encrypt({ EncryptionContext }),
    () => encrypt({ EncryptionContext: { appname: 'x' } }),
  ],
  [
    allEqual('kms:EncryptionContextKeys', 'AppName', 'Stage'),
    () => encrypt({ EncryptionContext }),
    () => encrypt({ EncryptionContext: { ...EncryptionContext, More: 'x' } }),
  ],
  [{ Null: { 'kms:EncryptionContextKeys': false } }, () => encrypt({ EncryptionContext }), () => encrypt()],
  [
    equals('kms:ExpirationModel', 'KEY_MATERIAL_DOES_NOT_EXPIRE'),
    () => importing({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
    () => importing(),
  ],
  [
    { Null: { 'kms:ExpirationModel': true } },
    () => importing({ ValidTo: new Date(4e12) }),
    () => importing({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' }),
  ],
  [
    { NumericLessThanEquals: { 'kms:ValidTo': '4000000000.0' } },
    () => importing({ ValidTo: new Date(4e12) }),
    () => importing({ ValidTo: new Date(4e12 + 1000) }),
  ],
  [
    equals('kms:GrantConstraintType', 'EncryptionContextEquals'),
    () => grant({ Constraints: { EncryptionContextEquals: EncryptionContext } }),
    () => grant({ Constraints: { EncryptionContextSubset: EncryptionContext } }),
  ],
  [
    { Bool: { 'kms:GrantIsForAWSResource': false } },
    () => new ListGrantsCommand({ KeyId: symmetric }),
    () => describeKey(symmetric),
  ],
  [
    allEqual('kms:GrantOperations', 'Encrypt', 'Decrypt'),
    () => grant(),
    () => grant({ Operations: ['Decrypt', 'DescribeKey'] }),
  ],
  [equals('kms:GranteePrincipal', role('app')), () => grant(), () => grant({ GranteePrincipal: role('other') })],
  [equals('kms:RetiringPrincipal', role('admin')), () => grant({ RetiringPrincipal: role('admin') }), () => grant()],
  [
    { ArnLike: { 'kms:GrantConstraintSourceArn': 'arn:aws:s3:*:*:bucket/*' } },
    () => grant({ ...toService, Constraints: { SourceArn: `arn:aws:s3:us-east-1:${account}:bucket/a` } }),
    () => grant({ ...toService, Constraints: { SourceArn: `arn:aws:sqs:us-east-1:${account}:queue` } }),
  ],
  // The seed creates the keys in 2024. The tests use one of them, but not the other.
  [
    { NumericGreaterThan: { 'kms:TrailingDaysWithoutKeyUsage': '30' } },
    () => new DisableKeyCommand({ KeyId: unused }),
    () => new DisableKeyCommand({ KeyId: symmetric }),
  ],
  [equals('kms:KeyOrigin', 'EXTERNAL'), () => describeKey(external), () => describeKey(symmetric)],
  [equals('kms:KeyOrigin', 'AWS_KMS'), () => create(), () => create({ Origin: 'EXTERNAL' })],
  [{ StringLike: { 'kms:KeySpec': 'ECC_*' } }, () => sign(), () => encrypt()],
  [
    equals('kms:KeySpec', 'SYMMETRIC_DEFAULT'),
    () => create(),
    () => create({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  ],
  [equals('kms:CustomerMasterKeySpec', 'SYMMETRIC_DEFAULT'), () => encrypt(), () => sign()],
  [equals('kms:KeyUsage', 'SIGN_VERIFY'), () => sign(), () => encrypt()],
  [
    equals('kms:KeyUsage', 'ENCRYPT_DECRYPT'),
    () => create(),
    () => create({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  ],
  [
    equals('kms:MacAlgorithm', 'HMAC_SHA_256'),
    () => new GenerateMacCommand({ KeyId: mac, Message: message, MacAlgorithm: 'HMAC_SHA_256' }),
    () => describeKey(mac),
  ],
  [equals('kms:MessageType', 'RAW'), () => sign(), () => sign({ MessageType: 'DIGEST', Message: Buffer.alloc(32) })],
  [equals('kms:SigningAlgorithm', 'ECDSA_SHA_256'), () => sign(), () => sign({ SigningAlgorithm: 'ECDSA_SHA_512' })],
  [{ Bool: { 'kms:MultiRegion': true } }, () => describeKey(multiRegion), () => describeKey(symmetric)],
  [{ Bool: { 'kms:MultiRegion': false } }, () => create(), () => create({ MultiRegion: true })],
  [equals('kms:MultiRegionKeyType', 'PRIMARY'), () => describeKey(multiRegion), () => describeKey(symmetric)],
  [
    equals('kms:PrimaryRegion', 'eu-west-1'),
    () => new UpdatePrimaryRegionCommand({ KeyId: multiRegion, PrimaryRegion: 'eu-west-1' }),
    () => new UpdatePrimaryRegionCommand({ KeyId: multiRegion, PrimaryRegion: 'eu-west-2' }),
  ],
  [
    { StringLike: { 'kms:ReplicaRegion': 'eu-*' } },
    () => new ReplicateKeyCommand({ KeyId: multiRegion, ReplicaRegion: 'eu-west-3' }),
    () => new ReplicateKeyCommand({ KeyId: multiRegion, ReplicaRegion: 'us-west-2' }),
  ],
  [equals('kms:RequestAlias', 'alias/finance-key'), () => encrypt({ KeyId: 'alias/finance-key' }), () => encrypt()],
  [
    equals('kms:RequestAlias', 'alias/finance-key'),
    () => encrypt({ KeyId: `arn:aws:kms:us-east-1:${account}:alias/finance-key` }),
    () => encrypt({ KeyId: 'alias/other' }),
  ],
  [anyEquals('kms:ResourceAliases', 'alias/finance-key'), () => encrypt(), () => encrypt({ KeyId: other })],
  [{ Bool: { 'kms:ReEncryptOnSameKey': true } }, () => reEncrypt(symmetric), () => reEncrypt(other)],
  [
    { NumericGreaterThanEquals: { 'kms:RotationPeriodInDays': '180' } },
    () => new EnableKeyRotationCommand({ KeyId: symmetric, RotationPeriodInDays: 180 }),
    () => new EnableKeyRotationCommand({ KeyId: symmetric, RotationPeriodInDays: 100 }),
  ],
  [
    { NumericGreaterThanEquals: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } },
    () => new ScheduleKeyDeletionCommand({ KeyId: agreement }),
    () => new ScheduleKeyDeletionCommand({ KeyId: agreement, PendingWindowInDays: 7 }),
  ],
  [
    equals('kms:WrappingAlgorithm', 'RSAES_OAEP_SHA_256'),
    () => forImport(),
    () => forImport({ WrappingAlgorithm: 'RSAES_OAEP_SHA_1' }),
  ],
  [equals('kms:WrappingKeySpec', 'RSA_2048'), () => forImport(), () => forImport({ WrappingKeySpec: 'RSA_4096' })],
  [
    { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': register(1) } },
    () => random(1),
    () => random(2),
  ],
  [
    { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': register(1) } },
    () => random(1),
    () => new GenerateDataKeyCommand({ KeyId: symmetric, KeySpec: 'AES_128' }),
  ],
  // Only a whole number names a register.
  [{ Null: { 'kms:RecipientAttestation:PCR0.0': true } }, () => random(1), undefined],
  [
    { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:PCR0': register(1) } },
    () => random(1),
    () => new GenerateDataKeyCommand({ KeyId: symmetric, KeySpec: 'AES_128' }),
  ],
  [{ StringNotEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } }, () => encrypt(), undefined],
  [equals('aws:PrincipalArn', role('Tester')), () => encrypt(), undefined],
  [equals('aws:PrincipalAccount', account), () => encrypt(), undefined],
  [equals('aws:PrincipalType', 'AssumedRole'), () => encrypt(), undefined],
  [equals('aws:ResourceAccount', account), () => encrypt(), undefined],
  [equals('aws:RequestedRegion', 'us-east-1'), () => encrypt(), undefined],
  [equals('aws:PrincipalTag/team', 'payments'), () => encrypt(), undefined],
  [equals('aws:ResourceTag/Team', 'payments'), () => describeKey(tagged), () => describeKey(symmetric)],
  [
    equals('aws:ResourceTag/Team', '$' + '{aws:PrincipalTag/Team}'),
    () => describeKey(tagged),
    () => describeKey(symmetric),
  ],
  [
    equals('aws:RequestTag/Team', 'payments'),
    () => new TagResourceCommand({ KeyId: symmetric, Tags: tag }),
    () => new TagResourceCommand({ KeyId: symmetric, Tags: [{ TagKey: 'Team', TagValue: 'other' }] }),
  ],
  [
    allEqual('aws:TagKeys', 'Team'),
    () => new TagResourceCommand({ KeyId: other, Tags: tag }),
    () => new TagResourceCommand({ KeyId: other, Tags: [{ TagKey: 'x', TagValue: '' }] }),
  ],
  [
    anyEquals('aws:TagKeys', 'Team'),
    () => new UntagResourceCommand({ KeyId: other, TagKeys: ['Team'] }),
    () => new UntagResourceCommand({ KeyId: other, TagKeys: ['x'] }),
  ],
  [anyEquals('aws:TagKeys', 'Team'), () => create({ Tags: tag }), () => create()],
  [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, () => encrypt(), undefined],
  [{ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, () => encrypt(), undefined],
  [{ NumericGreaterThan: { 'aws:EpochTime': '1577836800' } }, () => encrypt(), undefined],
  [{ Bool: { 'aws:SecureTransport': true } }, () => encrypt(), undefined],
  [{ Bool: { 'aws:ViaAWSService': false } }, () => encrypt(), undefined],
  [{ StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' } }, () => encrypt(), undefined],
  [{ Null: { 'aws:SourceVpce': true } }, () => encrypt(), undefined],
  // The seed contains the value.
  [{ Bool: { 'aws:MultiFactorAuthPresent': true } }, () => encrypt(), undefined],
];

const tester = (AccessKeyId: string, ...statements: object[]) => ({
  AccessKeyId,
  Arn: role('Tester'),
  Policies: [policy(...statements)],
  Tags: [{ Key: 'Team', Value: 'payments' }],
  ConditionKeys: { 'aws:MultiFactorAuthPresent': 'true' },
});

const used = useAccess({
  Keys: [
    { KeyId: symmetric, Aliases: ['alias/finance-key', 'alias/other'] },
    { KeyId: other },
    { KeyId: signing, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    { KeyId: mac, KeySpec: 'HMAC_256' },
    { KeyId: agreement, KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
    { KeyId: rsa, KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' },
    { KeyId: external, Origin: 'EXTERNAL', KeyState: 'PendingImport' },
    { KeyId: tagged, Tags: tag },
    { KeyId: unused },
    { KeyId: multiRegion, MultiRegion: true, ReplicaRegions: ['eu-west-1', 'eu-west-2'] },
    {
      KeyId: keyId(9),
      Policy: policy(
        to(root(), allow('kms:PutKeyPolicy')),
        to(role('Tester'), allow('kms:Encrypt', { Condition: { StringEquals: { 'aws:NoSuchKey': 'x' } } })),
      ),
    },
  ],
  Principals: [
    ...rows.flatMap(([Condition], index) => [
      tester(`allowed-${index}`, allow('kms:*', { Condition }), allow('iam:*')),
      tester(`denied-${index}`, allow('*'), deny('kms:*', { Condition })),
    ]),
    tester('until-2100', allow('*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2100-01-01T00:00:00Z' } } })),
  ],
});

let ciphertext: Uint8Array | undefined;
const reEncrypt = (DestinationKeyId: string) => new ReEncryptCommand({ CiphertextBlob: ciphertext, DestinationKeyId });

/** Returns whether the request is denied. Other errors count as allowed. */
async function isDenied(accessKeyId: string, command: unknown): Promise<boolean> {
  const verdict = await readVerdict(used.as(accessKeyId).send(command as Command));
  return verdict.includes('is not authorized to perform');
}

test.for(rows.map((row, index) => ({ index, condition: JSON.stringify(row[0]), row })))(
  'the condition $condition applies only to matching requests',
  async ({ index, row: [, meets, fails] }) => {
    ciphertext ??= (await used.as('root').send(encrypt())).CiphertextBlob;
    if (fails !== undefined) expect(await isDenied(`allowed-${index}`, fails())).toBe(true);
    // The denied request is sent first, because the allowed one can change the key.
    expect(await isDenied(`denied-${index}`, meets())).toBe(true);
    expect(await isDenied(`allowed-${index}`, meets())).toBe(false);
  },
);

test('a request is denied if the policy contains an unknown condition key, and the message contains the key', async () => {
  const call = used.as('until-2100').send(encrypt({ KeyId: keyId(9) }));
  expect(await readVerdict(call)).toMatch(/\(the emulator does not support the condition key aws:NoSuchKey\)$/);
});

test('PutKeyPolicy rejects a policy with an unknown condition operator', async () => {
  const Policy = JSON.stringify(policy(to(root(), allow('kms:*', { Condition: { StringMatches: { a: 'b' } } }))));
  const call = used.as('root').send(new PutKeyPolicyCommand({ KeyId: other, Policy }));
  expect(await readVerdict(call)).toBe(
    'MalformedPolicyDocumentException: Policy contains the unknown condition operator StringMatches',
  );
});

test("aws:CurrentTime is the time of the emulator's clock", async () => {
  expect(await isDenied('until-2100', encrypt())).toBe(false);
  used.emulator.clock.set(new Date('2101-01-01T00:00:00Z'));
  expect(await isDenied('until-2100', encrypt())).toBe(true);
  used.emulator.clock.set(new Date());
});

test('PutKeyPolicy accepts a policy whose conditions match the existing key', async () => {
  const given = (keySpec: string) => {
    const condition = { Condition: equals('kms:KeySpec', keySpec) };
    const Policy = JSON.stringify(policy(to(root(), allow('kms:*', condition))));
    return readVerdict(used.as('root').send(new PutKeyPolicyCommand({ KeyId: unused, Policy })));
  };
  expect(await given('RSA_2048')).toMatch(/will not allow you to update the key policy in the future/);
  expect(await given('SYMMETRIC_DEFAULT')).toBe('allowed');
});
