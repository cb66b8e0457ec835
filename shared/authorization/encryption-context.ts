import { callerNotAllowed } from './caller-not-allowed.ts';

type Input = Record<string, unknown>;
type EncryptionContext = Readonly<Record<string, string>>;

/** Returns the prefix of each encryption context member: `Source` for `SourceEncryptionContext`, which goes with `SourceKeyId`. */
export function findContextPrefixes(members: readonly string[]): string[] {
  return members
    .filter((member) => member.endsWith('EncryptionContext'))
    .map((member) => member.slice(0, -'EncryptionContext'.length));
}

/** Asymmetric keys take no encryption context (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#KMS-Encrypt-request-EncryptionContext). */
export function takesEncryptionContext(input: Input, prefix: string): boolean {
  const algorithm = input[`${prefix}EncryptionAlgorithm`];
  return algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT';
}

/** Adds `key: value` to an encryption context. Rejects a context with another value for the key. */
export function bindEncryptionContext(input: Input, prefix: string, key: string, value: string): void {
  const member = `${prefix}EncryptionContext`;
  const context = (input[member] ?? {}) as EncryptionContext;
  rejectOtherValue(`/${member}`, context, key, value);
  input[member] = { ...context, [key]: value };
}

/** Adds `key: value` to the constraints of a grant, so that its grantee must use this encryption context. */
export function bindGrantConstraints(input: Input, key: string, value: string): void {
  const constraints = { ...(input.Constraints as Record<string, EncryptionContext> | undefined) };
  const given = ['EncryptionContextEquals', 'EncryptionContextSubset'].filter((name) => constraints[name]);
  for (const name of given.length > 0 ? given : ['EncryptionContextSubset']) {
    const context = constraints[name] ?? {};
    rejectOtherValue(`/Constraints/${name}`, context, key, value);
    constraints[name] = { ...context, [key]: value };
  }
  input.Constraints = constraints;
}

function rejectOtherValue(pointer: string, context: EncryptionContext, key: string, value: string): void {
  const given = Object.hasOwn(context, key) ? context[key] : undefined;
  if (given !== undefined && given !== value)
    throw callerNotAllowed(`${pointer} must not name another tenant or caller.`);
}
