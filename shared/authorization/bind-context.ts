import { notAllowed } from './not-allowed.ts';

type Input = Record<string, unknown>;
type Context = Readonly<Record<string, string>>;

/** An encryption-context member, and what goes with it: `Source` of `SourceEncryptionContext`. */
export function contextPrefixes(members: readonly string[]): string[] {
  return members
    .filter((member) => member.endsWith('EncryptionContext'))
    .map((member) => member.slice(0, -'EncryptionContext'.length));
}

/** Asymmetric keys take no context (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#KMS-Encrypt-request-EncryptionContext). */
export function takesContext(input: Input, prefix: string): boolean {
  const algorithm = input[`${prefix}EncryptionAlgorithm`];
  return algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT';
}

/** Puts `key: value` into the context, in which the caller may write the same and nothing else. */
export function bindContext(input: Input, member: string, key: string, value: string): void {
  const context = (input[member] ?? {}) as Context;
  refuseOther(`/${member}`, context, key, value);
  input[member] = { ...context, [key]: value };
}

/** A grant is bound by its constraints: whoever uses it must give this context. */
export function bindGrant(input: Input, key: string, value: string): void {
  const constraints = { ...(input.Constraints as Record<string, Context> | undefined) };
  const given = ['EncryptionContextEquals', 'EncryptionContextSubset'].filter((name) => constraints[name]);
  for (const name of given.length > 0 ? given : ['EncryptionContextSubset']) {
    const context = constraints[name] ?? {};
    refuseOther(`/Constraints/${name}`, context, key, value);
    constraints[name] = { ...context, [key]: value };
  }
  input.Constraints = constraints;
}

function refuseOther(pointer: string, context: Context, key: string, value: string): void {
  const given = Object.hasOwn(context, key) ? context[key] : undefined;
  if (given !== undefined && given !== value) throw notAllowed(`${pointer} names another tenant or caller.`);
}
