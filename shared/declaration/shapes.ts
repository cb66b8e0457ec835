/**
 * Defines the shapes that KMS operations share, with the names and limits of the AWS model
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html). Each shape is a function, so that a bundle
 * contains only the shapes that its operation uses.
 */
import * as z from 'zod/mini';
import { decodeBase64 } from './base64.ts';
import { customerMasterKeySpecNames, dataKeyPairSpecNames, keySpecNames } from './key-specs.ts';
import { annotate } from './schema-metadata.ts';

/** A string of `minLength` to `maxLength` UTF-16 code units. */
export const text = (minLength: number, maxLength: number, pattern?: RegExp) =>
  pattern === undefined
    ? z.string().check(z.minLength(minLength), z.maxLength(maxLength))
    : z.string().check(z.minLength(minLength), z.maxLength(maxLength), z.regex(pattern));

/** An integer from `minimum` to `maximum`, inclusive. */
export const integer = (minimum: number, maximum: number) => z.int().check(z.gte(minimum), z.lte(maximum));

/** Bytes, which are base64 text in JSON and a `Uint8Array` in the parsed input. */
export const blob = (minBytes: number, maxBytes: number) =>
  annotate(
    z.pipe(
      z.string(),
      z.transform((value: string, context): Uint8Array => {
        const longestText = Math.ceil(maxBytes / 3) * 4;
        const bytes = value.length > longestText ? undefined : decodeBase64(value);
        if (bytes === undefined && value.length <= longestText) {
          context.issues.push({ code: 'invalid_format', format: 'base64', input: value });
        } else if (bytes === undefined || bytes.length > maxBytes) {
          context.issues.push({ code: 'too_big', origin: 'bytes', maximum: maxBytes, input: value });
        } else if (bytes.length < minBytes) {
          context.issues.push({ code: 'too_small', origin: 'bytes', minimum: minBytes, input: value });
        } else {
          return bytes;
        }
        return z.NEVER;
      }),
    ),
    { kind: 'blob', minBytes, maxBytes },
  );

export const isoTimestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A point in time. JSON contains ISO 8601 text with a time zone, or seconds since 1970 (fractions allowed). The parsed
 * input contains a `Date`.
 */
export const timestamp = () =>
  annotate(
    z.pipe(
      z.union([z.string(), z.number()]),
      z.transform((value: string | number, context): Date => {
        const date = new Date(typeof value === 'number' ? value * 1000 : isoTimestamp.test(value) ? value : Number.NaN);
        if (!Number.isNaN(date.getTime())) return date;
        context.issues.push({ code: 'invalid_format', format: 'datetime', input: String(value) });
        return z.NEVER;
      }),
    ),
    { kind: 'timestamp' },
  );

/** KeyIdType: a key id, key ARN, alias name or alias ARN. KMS checks which forms an operation accepts. */
export const keyId = () => annotate(text(1, 2048), { kind: 'key' });
/** AliasNameType: an alias name, including the `alias/` prefix. */
export const aliasName = () => annotate(text(1, 256, /^[a-zA-Z0-9:/_-]+$/), { kind: 'alias' });
export const arn = () => text(20, 2048);
export const description = () => text(0, 8192);
export const limit = () => integer(1, 1000);
export const marker = () => text(1, 1024, /^[\u0020-\u00FF]*$/);
// biome-ignore lint/suspicious/noControlCharactersInRegex: KMS messages quote this pattern exactly as AWS writes it
export const policy = () => text(1, 131072, /^[\u0009\u000A\u000D\u0020-\u00FF]+$/);
export const policyName = () => text(1, 128, /^[\w]+$/);
export const plaintext = () => blob(1, 4096);
export const ciphertext = () => blob(1, 6144);
export const keyMaterialId = () => text(64, 64, /^[a-f0-9]+$/);
export const customKeyStoreId = () => text(1, 64);
/**
 * The maximum number of UTF-16 code units in all keys and values of an encryption context. KMS documents no limit. The
 * AWS Encryption SDK accepts at most this number of bytes
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html), so every context that the SDK
 * can store is accepted.
 */
const maxContextLength = 65_535;
export const encryptionContext = () =>
  z.record(z.string(), z.string()).check(({ value, issues }) => {
    let length = 0;
    for (const key in value) length += key.length + (value[key] as string).length;
    if (length > maxContextLength) {
      issues.push({ code: 'too_big', origin: 'string', maximum: maxContextLength, input: value });
    }
  });
export const grantTokens = () => z.array(text(1, 8192)).check(z.maxLength(10));
export const dryRun = () => z.boolean();
export const dryRunModifiers = () => z.array(z.enum(['IGNORE_CIPHERTEXT']));
export const tags = () => z.array(z.strictObject({ TagKey: text(1, 128), TagValue: text(0, 256) }));
/** The tags in a response. AWS may add members to a response, so the object is not strict. */
export const responseTags = () => z.array(z.object({ TagKey: z.string(), TagValue: z.string() }));

export const keyUsage = () =>
  z.enum(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE']);
/**
 * CustomerMasterKeySpec, the deprecated name of KeySpec. Requests cannot contain newer key specs, but responses do
 * (https://aws.amazon.com/blogs/security/how-to-create-post-quantum-signatures-using-aws-kms-and-ml-dsa/).
 */
export const customerMasterKeySpec = () => z.enum(customerMasterKeySpecNames());
export const keySpec = () => z.enum(keySpecNames());
export const origin = () => z.enum(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']);
export const encryptionAlgorithm = () =>
  z.enum(['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE']);
export const signingAlgorithm = () =>
  z.enum([
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'ECDSA_SHA_256',
    'ECDSA_SHA_384',
    'ECDSA_SHA_512',
    'SM2DSA',
    'ML_DSA_SHAKE_256',
    'ED25519_SHA_512',
    'ED25519_PH_SHA_512',
  ]);
export const macAlgorithm = () => z.enum(['HMAC_SHA_224', 'HMAC_SHA_256', 'HMAC_SHA_384', 'HMAC_SHA_512']);
export const keyAgreementAlgorithm = () => z.enum(['ECDH']);
export const encapsulationAlgorithm = () => z.enum(['ML_KEM']);
export const recipient = () =>
  z.strictObject({
    KeyEncryptionAlgorithm: z.optional(z.enum(['RSAES_OAEP_SHA_256'])),
    AttestationDocument: z.optional(blob(1, 262144)),
  });

/** KeyMetadata, as CreateKey, DescribeKey and ReplicateKey return it. */
export const keyMetadata = () =>
  z.object({
    AWSAccountId: z.string(),
    KeyId: z.string(),
    Arn: z.string(),
    CreationDate: timestamp(),
    Enabled: z.boolean(),
    Description: z.string(),
    KeyUsage: keyUsage(),
    KeyState: keyState(),
    DeletionDate: z.optional(timestamp()),
    ValidTo: z.optional(timestamp()),
    Origin: origin(),
    CustomKeyStoreId: z.optional(z.string()),
    CloudHsmClusterId: z.optional(z.string()),
    ExpirationModel: z.optional(expirationModel()),
    KeyManager: z.enum(['AWS', 'CUSTOMER']),
    CustomerMasterKeySpec: z.optional(keySpec()),
    KeySpec: keySpec(),
    EncryptionAlgorithms: z.optional(z.array(encryptionAlgorithm())),
    SigningAlgorithms: z.optional(z.array(signingAlgorithm())),
    KeyAgreementAlgorithms: z.optional(z.array(keyAgreementAlgorithm())),
    MultiRegion: z.boolean(),
    MultiRegionConfiguration: z.optional(
      z.object({
        MultiRegionKeyType: z.enum(['PRIMARY', 'REPLICA']),
        PrimaryKey: multiRegionKey(),
        ReplicaKeys: z.array(multiRegionKey()),
      }),
    ),
    PendingDeletionWindowInDays: z.optional(z.int()),
    MacAlgorithms: z.optional(z.array(macAlgorithm())),
    XksKeyConfiguration: z.optional(z.object({ Id: z.string() })),
    CurrentKeyMaterialId: z.optional(z.string()),
    EncapsulationAlgorithms: z.optional(z.array(encapsulationAlgorithm())),
  });

const multiRegionKey = () => z.object({ Arn: z.string(), Region: z.string() });
export const expirationModel = () => z.enum(['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE']);
export const keyState = () =>
  z.enum([
    'Creating',
    'Enabled',
    'Disabled',
    'PendingDeletion',
    'PendingImport',
    'PendingReplicaDeletion',
    'Unavailable',
    'Updating',
  ]);

export const pendingWindowInDays = () => integer(1, 365);
export const rotationPeriodInDays = () => integer(90, 2560);
export const numberOfBytes = () => integer(1, 1024);
export const messageType = () => z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']);
export const dataKeySpec = () => z.enum(['AES_256', 'AES_128']);
export const dataKeyPairSpec = () => z.enum(dataKeyPairSpecNames());
export const publicKey = () => blob(1, 8192);
export const tagKeys = () => z.array(text(1, 128));
export const region = () => text(1, 32, /^([a-z]+-){2,3}\d+$/);
export const keyMaterialDescription = () => text(0, 256, /^[a-zA-Z0-9:/_\s.-]+$/);

export const grantId = () => text(1, 128);
export const grantToken = () => text(1, 8192);
export const principalId = () => text(1, 256, /^[\w+=,.@:/-]+$/);
export const grantOperations = () =>
  z.array(
    z.enum([
      'Decrypt',
      'Encrypt',
      'GenerateDataKey',
      'GenerateDataKeyWithoutPlaintext',
      'ReEncryptFrom',
      'ReEncryptTo',
      'Sign',
      'Verify',
      'GetPublicKey',
      'CreateGrant',
      'RetireGrant',
      'DescribeKey',
      'GenerateDataKeyPair',
      'GenerateDataKeyPairWithoutPlaintext',
      'GenerateMac',
      'VerifyMac',
      'DeriveSharedSecret',
      'Encapsulate',
      'Decapsulate',
    ]),
  );
export const grantConstraints = () =>
  z.strictObject({
    EncryptionContextSubset: z.optional(encryptionContext()),
    EncryptionContextEquals: z.optional(encryptionContext()),
    SourceArn: z.optional(arn()),
  });
/** The grants that ListGrants and ListRetirableGrants return. */
export const grants = () =>
  z.array(
    z.object({
      KeyId: z.string(),
      GrantId: z.string(),
      Name: z.optional(z.string()),
      CreationDate: timestamp(),
      GranteePrincipal: z.optional(z.string()),
      RetiringPrincipal: z.optional(z.string()),
      IssuingAccount: z.string(),
      Operations: grantOperations(),
      Constraints: z.optional(
        z.object({
          EncryptionContextSubset: z.optional(encryptionContext()),
          EncryptionContextEquals: z.optional(encryptionContext()),
          SourceArn: z.optional(z.string()),
        }),
      ),
      GranteeServicePrincipal: z.optional(z.string()),
      RetiringServicePrincipal: z.optional(z.string()),
    }),
  );

export const customKeyStoreName = () => text(1, 256);
export const customKeyStoreType = () => z.enum(['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']);
export const cloudHsmClusterId = () => text(19, 24, /^cluster-[2-7a-zA-Z]{11,16}$/);
export const keyStorePassword = () => text(7, 32);
export const trustAnchorCertificate = () => text(1, 5000);
export const xksProxyConnectivity = () => z.enum(['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE']);
export const xksProxyUriEndpoint = () => text(10, 128, /^https:\/\/[a-zA-Z0-9.-]+$/);
export const xksProxyUriPath = () =>
  text(10, 128, /^(\/[a-zA-Z0-9/_-]+\/kms\/xks\/v\d{1,2})$|^(\/kms\/xks\/v\d{1,2})$/);
export const xksProxyVpcEndpointServiceName = () =>
  text(20, 64, /^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$/);
export const xksProxyAuthenticationCredential = () =>
  z.strictObject({
    AccessKeyId: text(20, 30, /^[A-Z2-7]+$/),
    RawSecretAccessKey: text(43, 64, /^[a-zA-Z0-9/+=]+$/),
  });
