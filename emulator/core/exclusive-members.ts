import { KmsError } from './kms-error.ts';

/** Two mutually exclusive request members, by name. */
type MemberPair = Readonly<Record<string, string | undefined>>;

/** Throws ValidationException unless exactly one of the members is present. */
export function requireExactlyOne(members: MemberPair): void {
  throwIfBothPresent(members);
  if (Object.values(members).every((value) => value === undefined)) {
    throw new KmsError('ValidationException', `You must specify either ${Object.keys(members).join(' or ')}.`);
  }
}

/** Throws ValidationException if both members are present. */
export function throwIfBothPresent(members: MemberPair): void {
  if (Object.values(members).every((value) => value !== undefined)) {
    const names = Object.keys(members).join(' or ');
    throw new KmsError('ValidationException', `You can specify either ${names}, but not both.`);
  }
}
