import { callerNotAllowed } from './caller-not-allowed.ts';

type Input = Record<string, unknown>;
type EncryptionContext = Readonly<Record<string, string>>;

/** Returns the prefix of each encryption context member: `Source` for `SourceEncryptionContext`, as in `SourceKeyId`. */
export function findContextPrefixes(members: readonly string[]): string[] {
  return members
    .filter((member) => member.endsWith('EncryptionContext'))
    .map((member) => member.slice(0, -'EncryptionContext'.length));
}

/** Returns `false` for asymmetric keys, which do not accept an encryption context (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#KMS-Encrypt-request-EncryptionContext). */
export function takesEncryptionContext(input: Input, prefix: string): boolean {
  const algorithm = input[`${prefix}EncryptionAlgorithm`];
  return algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT';
}

/** Adds `key: value` to an encryption context. Throws if the context already contains a different value for the key. */
export function bindEncryptionContext(input: Input, prefix: string, key: string, value: string): void {
  const member = `${prefix}EncryptionContext`;
  const context = (input[member] ?? {}) as EncryptionContext;
  rejectOtherValue(`/${member}`, context, key, value);
  input[member] = { ...context, [key]: value };
}

/** The grant operations that accept an encryption context. A constraint has no effect on other operations. */
const contextOperations = new Set([
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
]);

/**
 * Adds `key: value` to a grant's constraints, so that the grantee must include the pair in the encryption context. A
 * grant without operations that accept an encryption context gets no constraint, because KMS rejects a constraint for
 * asymmetric and HMAC keys
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints).
 */
export function bindGrantConstraints(input: Input, key: string, value: string): void {
  const operations = input.Operations as readonly string[];
  if (!operations.some((name) => contextOperations.has(name))) return;
  const constraints = { ...(input.Constraints as Record<string, EncryptionContext> | undefined) };
  const names = ['EncryptionContextEquals', 'EncryptionContextSubset'].filter((name) => constraints[name]);
  for (const name of names.length > 0 ? names : ['EncryptionContextSubset']) {
    const context = constraints[name] ?? {};
    rejectOtherValue(`/Constraints/${name}`, context, key, value);
    constraints[name] = { ...context, [key]: value };
  }
  input.Constraints = constraints;
}

function rejectOtherValue(pointer: string, context: EncryptionContext, key: string, value: string): void {
  const current = Object.hasOwn(context, key) ? context[key] : undefined;
  if (current !== undefined && current !== value)
    throw callerNotAllowed(`${pointer} must not contain another tenant or caller.`);
}
