import type { AwsOperationName } from '../../../functions/all-operations.ts';
import type { GrantOperation, GrantRecord } from '../../core/grant-record.ts';
import type { Key, KeyUsage } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { keySpecs } from '../../crypto/key-specs.ts';

type Fit = (key: Key) => boolean;

const any: Fit = () => true;
const asymmetric: Fit = ({ record }) => keySpecs[record.keySpec].isAsymmetric;
const symmetricEncryption: Fit = ({ record }) => record.keySpec === 'SYMMETRIC_DEFAULT';
const usage =
  (keyUsage: KeyUsage): Fit =>
  ({ record }) =>
    record.keyUsage === keyUsage;

/** A grant operation is an operation, except for the two halves of ReEncrypt. Others do not compile below. */
type GrantableOperation = (GrantOperation & AwsOperationName) | 'ReEncryptFrom' | 'ReEncryptTo';

/** Which keys each grant operation is for (https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations). */
const fits: Readonly<Record<GrantableOperation, Fit>> = {
  CreateGrant: any,
  Decapsulate: usage('ENCAPSULATE_DECAPSULATE'),
  Decrypt: usage('ENCRYPT_DECRYPT'),
  DeriveSharedSecret: usage('KEY_AGREEMENT'),
  DescribeKey: any,
  Encapsulate: usage('ENCAPSULATE_DECAPSULATE'),
  Encrypt: usage('ENCRYPT_DECRYPT'),
  GenerateDataKey: symmetricEncryption,
  GenerateDataKeyPair: symmetricEncryption,
  GenerateDataKeyPairWithoutPlaintext: symmetricEncryption,
  GenerateDataKeyWithoutPlaintext: symmetricEncryption,
  GenerateMac: usage('GENERATE_VERIFY_MAC'),
  GetPublicKey: asymmetric,
  ReEncryptFrom: usage('ENCRYPT_DECRYPT'),
  ReEncryptTo: usage('ENCRYPT_DECRYPT'),
  RetireGrant: any,
  Sign: usage('SIGN_VERIFY'),
  Verify: usage('SIGN_VERIFY'),
  VerifyMac: usage('GENERATE_VERIFY_MAC'),
};

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints */
const maxContextPairs = 8;
const maxContextValueLength = 384;

type Request = Omit<GrantRecord, 'IssuingAccount' | 'createdMs'>;

/** The rules of CreateGrant that need no key. */
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
    throw invalid(`An encryption context constraint has at most ${maxContextPairs} pairs.`);
  }
  if (values.some((value) => value.length > maxContextValueLength)) {
    throw invalid(`An encryption context value in a constraint has at most ${maxContextValueLength} characters.`);
  }
}

/** One grantee, at most one retiring principal; a service as grantee needs a source and somebody who retires the grant. */
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

/** The rules of CreateGrant that depend on the key: what it can do, and whether it knows an encryption context. */
export function checkGrantFits(key: Key, { Operations, Constraints }: Request): void {
  const misfit = Operations.find((operation) => !fits[operation](key));
  if (misfit !== undefined) {
    throw invalid(
      `Grant operation ${misfit} is not supported for key ${key.arn} with key spec ${key.record.keySpec} and key usage ${key.record.keyUsage}.`,
    );
  }
  const { EncryptionContextEquals, EncryptionContextSubset } = Constraints ?? {};
  if (!symmetricEncryption(key) && (EncryptionContextEquals ?? EncryptionContextSubset) !== undefined) {
    throw invalid('Encryption context constraints are only supported for symmetric encryption KMS keys.');
  }
}

type Pair = Readonly<Record<string, string | undefined>>;

export function requireExactlyOne(pair: Pair): void {
  throwIfBothPresent(pair);
  if (Object.values(pair).every((value) => value === undefined)) {
    throw invalid(`You must specify either ${Object.keys(pair).join(' or ')}.`);
  }
}

export function throwIfBothPresent(pair: Pair): void {
  if (Object.values(pair).every((value) => value !== undefined)) {
    throw invalid(`You can specify either ${Object.keys(pair).join(' or ')}, but not both.`);
  }
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message);
}
