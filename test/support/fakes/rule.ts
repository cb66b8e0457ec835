/** The JSON type of a member. `?` marks an optional member. */
export type MemberType = `${'string' | 'integer' | 'number' | 'list'}${'' | '?'}`;

/** A rule that AWS enforces. The fakes may be stricter than AWS, but never accept a request that AWS rejects. */
export interface Rule<Request> {
  /** What every accepted request satisfies. */
  readonly title: string;
  /** The error code that AWS returns for a request that breaks the rule. */
  readonly error: string;
  readonly isMet: (request: Request) => boolean;
}

/** The rules of one operation. */
export interface OperationRules<Request> {
  /** The page of AWS's documentation that states the rules. */
  readonly source: string;
  readonly members: Readonly<Record<string, MemberType>>;
  readonly rules: readonly Rule<Request>[];
}

/** An error that a fake service returns. */
export class FakeError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws `FakeError` if a request breaks a rule, or has a member that the operation does not have or of another type. */
export function checkRequest<Request extends object>(request: Request, operation: OperationRules<Request>): void {
  checkMembers(request, operation.members);
  for (const { title, error, isMet } of operation.rules) {
    if (!isMet(request)) throw new FakeError(error, `AWS requires: ${title} (${operation.source})`);
  }
}

/** Throws `FakeError` unless an object has all required members, only known members, and their types. */
export function checkMembers(given: object, members: Readonly<Record<string, MemberType>>): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(members, name)) throw new FakeError('ValidationException', `${name} is not a member`);
  }
  for (const [name, type] of Object.entries(members)) {
    const value: unknown = (given as Record<string, unknown>)[name];
    if (value === undefined && type.endsWith('?')) continue;
    if (value === undefined) throw new FakeError('ValidationException', `${name} is missing`);
    if (!hasType(value, type)) throw new FakeError('SerializationException', `${name} must be of type ${type}`);
  }
}

function hasType(value: unknown, type: MemberType): boolean {
  if (type.startsWith('list')) return Array.isArray(value);
  if (type.startsWith('integer')) return Number.isSafeInteger(value);
  return type.startsWith('number') ? typeof value === 'number' : typeof value === 'string';
}

export const countBytes = (text: string): number => Buffer.byteLength(text);
