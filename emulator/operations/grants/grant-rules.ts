import type { AwsOperationName } from '../../../functions/all-operations.ts';
import { requireExactlyOne, throwIfBothPresent } from '../../core/exclusive-members.ts';
import type { GrantOperation, GrantRecord } from '../../core/grant-record.ts';
import type { Key, KeyUsage } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { keySpecs } from '../../crypto/key-specs.ts';

type KeyPredicate = (key: Key) => boolean;

const isAnyKey: KeyPredicate = () => true;
const isAsymmetric: KeyPredicate = ({ record }) => keySpecs[record.keySpec].isAsymmetric;
const isSymmetricEncryptionKey: KeyPredicate = ({ record }) => record.keySpec === 'SYMMETRIC_DEFAULT';
const hasUsage =
  (keyUsage: KeyUsage): KeyPredicate =>
  ({ record }) =>
    record.keyUsage === keyUsage;

/**
 * An operation that a grant can allow: a KMS operation, or one of the two halves of ReEncrypt. Other names do not
 * compile.
 */
type GrantableOperation = (GrantOperation & AwsOperationName) | 'ReEncryptFrom' | 'ReEncryptTo';

/**
 * The keys that support each grant operation, in the order of AWS's message
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations). The order is recorded for
 * HMAC keys.
 */
const supportedKeys: Readonly<Record<GrantableOperation, KeyPredicate>> = {
  CreateGrant: isAnyKey,
  RetireGrant: isAnyKey,
  DescribeKey: isAnyKey,
  GetPublicKey: isAsymmetric,
  Encrypt: hasUsage('ENCRYPT_DECRYPT'),
  Decrypt: hasUsage('ENCRYPT_DECRYPT'),
  ReEncryptFrom: hasUsage('ENCRYPT_DECRYPT'),
  ReEncryptTo: hasUsage('ENCRYPT_DECRYPT'),
  GenerateDataKey: isSymmetricEncryptionKey,
  GenerateDataKeyWithoutPlaintext: isSymmetricEncryptionKey,
  GenerateDataKeyPair: isSymmetricEncryptionKey,
  GenerateDataKeyPairWithoutPlaintext: isSymmetricEncryptionKey,
  Sign: hasUsage('SIGN_VERIFY'),
  Verify: hasUsage('SIGN_VERIFY'),
  GenerateMac: hasUsage('GENERATE_VERIFY_MAC'),
  VerifyMac: hasUsage('GENERATE_VERIFY_MAC'),
  DeriveSharedSecret: hasUsage('KEY_AGREEMENT'),
  Encapsulate: hasUsage('ENCAPSULATE_DECAPSULATE'),
  Decapsulate: hasUsage('ENCAPSULATE_DECAPSULATE'),
};

/**
 * The limits of an encryption context constraint
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints).
 */
const maxContextPairs = 8;
const maxContextValueLength = 384;

type Request = Omit<GrantRecord, 'IssuingAccount' | 'createdMs'>;

/** Checks the CreateGrant rules that do not depend on the key. Throws ValidationException. */
export function checkGrantRequest(request: Request): void {
  checkPrincipals(request);
  const { Operations } = request;
  if (Operations.length === 0) throw invalid('Grants must contain at least one operation.');
  if (Operations.every((operation) => operation === 'CreateGrant')) {
    throw invalid('Grants must not contain only the CreateGrant operation.');
  }
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = request.Constraints ?? {};
  if (equals !== undefined && subset !== undefined) throw invalid('More than one constraint supplied');
  const values = Object.values(equals ?? subset ?? {});
  if (values.length > maxContextPairs) {
    throw invalid(`An encryption context constraint must have at most ${maxContextPairs} pairs.`);
  }
  if (values.some((value) => value.length > maxContextValueLength)) {
    throw invalid(`An encryption context value in a constraint must have at most ${maxContextValueLength} characters.`);
  }
}

/**
 * Requires one grantee and at most one retiring principal. If the grantee is a service, also requires a SourceArn
 * constraint and a retiring principal.
 */
function checkPrincipals(request: Request): void {
  const { GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal } = request;
  requireExactlyOne({ GranteePrincipal, GranteeServicePrincipal });
  throwIfBothPresent({ RetiringPrincipal, RetiringServicePrincipal });
  if (GranteeServicePrincipal === undefined) return;
  if (request.Constraints?.SourceArn === undefined) {
    throw invalid('A SourceArn constraint is required with GranteeServicePrincipal.');
  }
  if (RetiringPrincipal === undefined && RetiringServicePrincipal === undefined) {
    throw invalid('RetiringPrincipal or RetiringServicePrincipal is required with GranteeServicePrincipal.');
  }
}

/** Checks that the key supports the grant's constraints and operations. Throws ValidationException. */
export function checkGrantForKey(key: Key, { Operations, Constraints }: Request): void {
  const { EncryptionContextEquals, EncryptionContextSubset } = Constraints ?? {};
  if (!isSymmetricEncryptionKey(key) && (EncryptionContextEquals ?? EncryptionContextSubset) !== undefined) {
    throw invalid('EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.');
  }
  const unsupported = Operations.filter((operation) => !supportedKeys[operation](key));
  if (unsupported.length === 0) return;
  const type = isAsymmetric(key) ? 'an asymmetric' : 'a symmetric';
  const valid = Object.entries(supportedKeys).flatMap(([operation, supports]) => (supports(key) ? [operation] : []));
  throw invalid(
    `Operations [${unsupported.join(', ')}] are not supported when creating a grant for ${type} KMS key with key usage ${key.record.keyUsage}. Valid operations are [${valid.join(', ')}]`,
  );
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message);
}
