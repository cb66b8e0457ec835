import type { KeySpec, KeyUsage } from '../../../emulator/core/key-spec.ts';
import { account, useEmulator } from '../../support/emulator.ts';
import { send } from '../../support/key-calls.ts';
import { createKey } from '../../support/keys.ts';
import { type Answer, testAnswers } from '../../support/recorded-answers.ts';

const used = useEmulator({});
const root = `arn:aws:iam::${account}:root`;

const askGrant =
  (input: object, request: { KeySpec?: KeySpec; KeyUsage?: KeyUsage } = {}) =>
  async () => {
    const { KeyId, Arn } = await createKey(used.client, request);
    const grant = { KeyId, GranteePrincipal: root, Operations: ['DescribeKey'], ...input };
    return { client: used.client, input: grant, values: { arn: Arn } };
  };

const granting = { operation: 'CreateGrant', source: 'grants', recorded: true } as const;
const session = `arn:aws:sts::${account}:assumed-role`;
const principalAnswers: Answer[] = [
  ...(['GranteePrincipal', 'RetiringPrincipal'] as const).map(
    (member): Answer => ({
      ...granting,
      recorded: member === 'GranteePrincipal',
      situation: `${member} with a role path in the ARN of a role session`,
      ask: askGrant({ [member]: `${session}/path/app/target` }),
      error: ['InvalidArnException', `ARN ${session}/path/app/target is not the ARN of a principal.`],
    }),
  ),
];

const mac = ['GenerateMac', 'VerifyMac'];
const sign = ['Sign', 'Verify'];
const encryption = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'];
const dataKeys = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
];
const kinds: [KeySpec, KeyUsage, unsupported: string, type: string, valid: string[]][] = [
  ['HMAC_224', 'GENERATE_VERIFY_MAC', 'Encrypt', 'a symmetric', mac],
  ['HMAC_256', 'GENERATE_VERIFY_MAC', 'Encrypt', 'a symmetric', mac],
  ['HMAC_512', 'GENERATE_VERIFY_MAC', 'Sign', 'a symmetric', mac],
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'Sign', 'a symmetric', [...encryption, ...dataKeys]],
  ['RSA_2048', 'ENCRYPT_DECRYPT', 'GenerateDataKey', 'an asymmetric', ['GetPublicKey', ...encryption]],
  ['ECC_NIST_P256', 'SIGN_VERIFY', 'Encrypt', 'an asymmetric', ['GetPublicKey', ...sign]],
  ['ML_DSA_44', 'SIGN_VERIFY', 'Decrypt', 'an asymmetric', ['GetPublicKey', ...sign]],
  ['ECC_NIST_P256', 'KEY_AGREEMENT', 'Sign', 'an asymmetric', ['GetPublicKey', 'DeriveSharedSecret']],
  ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', 'Sign', 'an asymmetric', ['GetPublicKey', 'Encapsulate', 'Decapsulate']],
];
const operationAnswers: Answer[] = kinds.map(([KeySpec, KeyUsage, unsupported, type, valid]) => ({
  ...granting,
  source: 'hmac',
  recorded: KeySpec === 'HMAC_256',
  situation: `${unsupported} for a ${KeySpec} key with usage ${KeyUsage}`,
  ask: askGrant({ Operations: [unsupported] }, { KeySpec, KeyUsage }),
  error: [
    'ValidationException',
    `Operations [${unsupported}] are not supported when creating a grant for ${type} KMS key with key usage ${KeyUsage}. Valid operations are [${['CreateGrant', 'RetireGrant', 'DescribeKey', ...valid].join(', ')}]`,
  ],
}));

const contextAnswers: Answer[] = kinds
  .filter(([KeySpec]) => KeySpec !== 'SYMMETRIC_DEFAULT')
  .flatMap(([KeySpec, KeyUsage]) =>
    ['EncryptionContextEquals', 'EncryptionContextSubset'].map((constraint) => ({
      ...granting,
      source: 'hmac' as const,
      recorded: KeySpec === 'HMAC_256' && constraint === 'EncryptionContextEquals',
      situation: `${constraint} for a ${KeySpec} key with usage ${KeyUsage}`,
      ask: askGrant({ Constraints: { [constraint]: { a: '1' } } }, { KeySpec, KeyUsage }),
      error: [
        'ValidationException',
        'EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.',
      ] as const,
    })),
  );

/** Creates a key with 50 aliases. */
async function createKeyWithAliases(): Promise<string> {
  const { KeyId } = await createKey(used.client);
  for (let n = 0; n < 50; n += 1) {
    await send(used.client, 'CreateAlias', { AliasName: `alias/${KeyId}/${n}`, TargetKeyId: KeyId });
  }
  return KeyId;
}
const tooManyAliases = [
  'LimitExceededException',
  'Aliases per key quota for this account in this region is 50, current usage is 50.',
] as const;
const aliasAnswers: Answer[] = [
  {
    operation: 'CreateAlias',
    source: 'quotas',
    recorded: true,
    situation: '51st alias of a key',
    ask: async () => {
      const KeyId = await createKeyWithAliases();
      return { client: used.client, input: { AliasName: `alias/${KeyId}/50`, TargetKeyId: KeyId } };
    },
    error: tooManyAliases,
  },
  {
    operation: 'UpdateAlias',
    source: 'quotas',
    recorded: false,
    situation: '51st alias of a key',
    ask: async () => {
      const KeyId = await createKeyWithAliases();
      const AliasName = `alias/${KeyId}/50`;
      await send(used.client, 'CreateAlias', { AliasName, TargetKeyId: (await createKey(used.client)).KeyId });
      return { client: used.client, input: { AliasName, TargetKeyId: KeyId } };
    },
    error: tooManyAliases,
  },
];

testAnswers([...principalAnswers, ...operationAnswers, ...contextAnswers, ...aliasAnswers]);
