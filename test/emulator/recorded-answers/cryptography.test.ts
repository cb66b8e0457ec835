import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { useEmulator } from '../../support/emulator.ts';
import { createExternalKey } from '../../support/import.ts';
import { send } from '../../support/key-calls.ts';
import { createKey } from '../../support/keys.ts';
import { type Answer, type Asked, findKeyOfSpec, otherKeySpecs, testAnswers } from '../../support/recorded-answers.ts';

const used = useEmulator({});
const ed25519 = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' } as const;
const SigningAlgorithms = ['ED25519_PH_SHA_512', 'ED25519_SHA_512'];
const askKey = async (): Promise<Asked> => {
  const { KeyId } = await findKeyOfSpec(used.client, ed25519.KeySpec);
  return { client: used.client, input: { KeyId } };
};

const algorithmAnswers: Answer[] = [
  {
    operation: 'CreateKey',
    source: 'ecc',
    recorded: true,
    situation: 'Ed25519 key',
    ask: async () => ({ client: used.client, input: ed25519 }),
    response: { KeyMetadata: { SigningAlgorithms } },
  },
  {
    operation: 'CreateKey',
    source: 'importFamilies',
    recorded: true,
    situation: 'Ed25519 key with Origin EXTERNAL',
    ask: async () => ({ client: used.client, input: { ...ed25519, Origin: 'EXTERNAL' } }),
    response: { KeyMetadata: { SigningAlgorithms } },
  },
  {
    operation: 'DescribeKey',
    source: 'ecc',
    recorded: true,
    situation: 'Ed25519 key',
    ask: askKey,
    response: { KeyMetadata: { SigningAlgorithms } },
  },
  {
    operation: 'GetPublicKey',
    source: 'ecc',
    recorded: true,
    situation: 'Ed25519 key',
    ask: askKey,
    response: { SigningAlgorithms },
  },
  {
    operation: 'ReplicateKey',
    source: 'ecc',
    recorded: false,
    situation: 'Ed25519 key',
    ask: async () => {
      const { KeyId } = await createKey(used.client, { ...ed25519, MultiRegion: true });
      return { client: used.client, input: { KeyId, ReplicaRegion: 'eu-west-1' } };
    },
    response: { ReplicaKeyMetadata: { SigningAlgorithms } },
  },
];

const publicKeyOn = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' });
/** Public keys that are not on the key's curve, and bytes that are no public key. */
const invalidPublicKeys: [situation: string, PublicKey: () => Uint8Array][] = [
  ['bytes that are not a public key', () => Buffer.from('not a public key')],
  ['public key with a byte after it', () => Buffer.concat([publicKeyOn('P-256'), Buffer.alloc(1)])],
  ['public key on secp256k1', () => publicKeyOn('secp256k1')],
  [
    'RSA public key',
    () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }),
  ],
];
const curves = { ECC_NIST_P256: 'P-384', ECC_NIST_P384: 'P-521', ECC_NIST_P521: 'P-256' } as const;
const agreementAnswers: Answer[] = (Object.keys(curves) as (keyof typeof curves)[]).flatMap((KeySpec) =>
  [
    ...invalidPublicKeys,
    [`public key on ${curves[KeySpec]}`, () => publicKeyOn(curves[KeySpec])] as (typeof invalidPublicKeys)[number],
  ].map(
    ([situation, PublicKey]): Answer => ({
      operation: 'DeriveSharedSecret',
      source: 'ecc',
      recorded: KeySpec === 'ECC_NIST_P256' && /^bytes|P-384/.test(situation),
      situation: `${situation}, for a ${KeySpec} key`,
      ask: async () => {
        const { KeyId } = await createKey(used.client, { KeySpec, KeyUsage: 'KEY_AGREEMENT' });
        return {
          client: used.client,
          input: { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: new Uint8Array(PublicKey()) },
        };
      },
      error: ['ValidationException', ''],
    }),
  ),
);

const muAnswers: Answer[] = (['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'] as const).flatMap((KeySpec) =>
  (['Sign', 'Verify'] as const).flatMap((operation) =>
    [63, 65].map(
      (bytes): Answer => ({
        operation,
        source: 'mlDsa',
        recorded: KeySpec === 'ML_DSA_44' && operation === 'Sign',
        situation: `external mu of ${bytes} bytes, for a ${KeySpec} key`,
        ask: async () => {
          const { KeyId } = await findKeyOfSpec(used.client, KeySpec);
          const Message = randomBytes(bytes);
          const input = { KeyId, Message, MessageType: 'EXTERNAL_MU', SigningAlgorithm: 'ML_DSA_SHAKE_256' };
          return {
            client: used.client,
            input: operation === 'Sign' ? input : { ...input, Signature: randomBytes(2420) },
          };
        },
        error: ['ValidationException', 'External Mu is invalid length for algorithm ML_DSA_SHAKE_256.'],
      }),
    ),
  ),
);

const digestAnswers: Answer[] = (
  [
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512'],
    ['RSA_2048', 'RSASSA_PSS_SHA_384'],
  ] as const
).map(([KeySpec, SigningAlgorithm]) => ({
  operation: 'Sign',
  source: 'ecc',
  recorded: false,
  situation: `digest of the wrong length, for ${SigningAlgorithm}`,
  ask: async () => {
    const { KeyId } = await findKeyOfSpec(used.client, KeySpec);
    return {
      client: used.client,
      input: { KeyId, Message: randomBytes(20), MessageType: 'DIGEST', SigningAlgorithm },
    };
  },
  error: ['ValidationException', `Digest is invalid length for algorithm ${SigningAlgorithm}.`],
}));

const dataKeyPairs = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const;
const dataKeys = ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const;
const rsaEncryption = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' } as const;
const dataKeyAnswers: Answer[] = [...dataKeyPairs, ...dataKeys].map((operation): Answer => {
  const isPair = dataKeyPairs.some((name) => name === operation);
  return {
    operation,
    source: 'rsa',
    recorded: operation === 'GenerateDataKeyPair',
    situation: 'RSA encryption key',
    ask: async () => {
      const { KeyId } = await createKey(used.client, rsaEncryption);
      return {
        client: used.client,
        input: { KeyId, ...(isPair ? { KeyPairSpec: 'ECC_NIST_P256' } : { NumberOfBytes: 8 }) },
      };
    },
    error: [
      'InvalidKeyUsageException',
      `You cannot generate a data key${isPair ? ' pair' : ''} with an asymmetric CMK`,
    ],
  };
});
const wrongUsageAnswers: Answer[] = otherKeySpecs.map((KeySpec) => ({
  operation: 'GenerateDataKeyPair',
  source: 'ecc',
  recorded: false,
  situation: `${KeySpec} key that is not for encryption`,
  ask: async () => {
    const { KeyId, Arn, KeyUsage = '' } = await findKeyOfSpec(used.client, KeySpec);
    const input = { KeyId, KeyPairSpec: 'ECC_NIST_P256' };
    return { client: used.client, input, values: { arn: Arn, usage: KeyUsage } };
  },
  error: ['InvalidKeyUsageException', '{arn} key usage is {usage} which is not valid for GenerateDataKeyPair.'],
}));

const publicKeyAnswers: Answer[] = (['HMAC_256', 'ECC_NIST_P256', 'ECC_NIST_EDWARDS25519'] as const).map((KeySpec) => ({
  operation: 'GetPublicKey',
  source: 'importFamilies',
  recorded: KeySpec !== 'HMAC_256',
  situation: `${KeySpec} key that waits for an import`,
  ask: async () => {
    const KeyUsage = KeySpec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY';
    const KeyId = await createExternalKey(used.client, { KeySpec, KeyUsage });
    const { KeyMetadata } = (await send(used.client, 'DescribeKey', { KeyId })) as { KeyMetadata: { Arn: string } };
    return { client: used.client, input: { KeyId }, values: { arn: KeyMetadata.Arn } };
  },
  error: ['KMSInvalidStateException', '{arn} is pending import.'],
}));

testAnswers([
  ...algorithmAnswers,
  ...agreementAnswers,
  ...muAnswers,
  ...digestAnswers,
  ...dataKeyAnswers,
  ...wrongUsageAnswers,
  ...publicKeyAnswers,
]);
