import type { Resource } from './template.ts';

/** A policy statement with complete ARNs. */
export interface ResolvedStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** The condition keys, with their values from the request or from the tags of the KMS key. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Decision = 'allowed' | 'denied' | 'not allowed';

export function listStatements(role: Resource | undefined): ResolvedStatement[] {
  const policies = role?.Properties.Policies as { PolicyDocument: { Statement: ResolvedStatement[] } }[] | undefined;
  return (policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Evaluates a request against one policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). */
export function decide(statements: readonly ResolvedStatement[], request: PolicyRequest): Decision {
  const matching = statements.filter((statement) => applies(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not allowed';
}

function applies({ Action, Resource, Condition = {} }: ResolvedStatement, request: PolicyRequest): boolean {
  // IAM ignores the case of condition keys.
  const context = new Map(
    Object.entries(request.context ?? {}).map(([key, value]) => [key.toLowerCase(), [value].flat()] as const),
  );
  return (
    [Action].flat().some((pattern) => matches(pattern, request.action)) &&
    [Resource].flat().some((pattern) => matches(pattern, request.resource)) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, expected]) =>
        isMet(operator, context.get(key.toLowerCase()) ?? [], [expected].flat()),
      ),
    )
  );
}

function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}

type Compare = (actual: readonly string[], expected: readonly string[]) => boolean;

const matchesAny =
  (compare: (actual: string, expected: string) => boolean): Compare =>
  (actual, expected) =>
    actual.some((value) => expected.some((wanted) => compare(value, wanted)));
/** Matches if the request has no value, as operators that end with `IfExists` do. */
const ifExists =
  (compare: Compare): Compare =>
  (actual, expected) =>
    actual.length === 0 || compare(actual, expected);
const equals = (actual: string, expected: string) => actual === expected;

/** The operators that the roles use. Other operators throw, so that the tests do not ignore conditions. */
const operators: Readonly<Record<string, Compare>> = {
  StringEquals: matchesAny(equals),
  StringEqualsIfExists: ifExists(matchesAny(equals)),
  StringLikeIfExists: ifExists(matchesAny((actual, expected) => matches(expected, actual))),
  'ForAnyValue:StringEqualsIgnoreCase': matchesAny(
    (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  ),
  'ForAllValues:StringEquals': (actual, expected) => actual.every((value) => expected.includes(value)),
  'ForAllValues:StringNotEquals': (actual, expected) => actual.every((value) => !expected.includes(value)),
  ArnLike: matchesAny((actual, expected) => matches(expected, actual)),
  Bool: matchesAny(equals),
  BoolIfExists: ifExists(matchesAny(equals)),
  NumericLessThan: matchesAny((actual, expected) => Number(actual) < Number(expected)),
  Null: (actual, expected) => expected.includes(String(actual.length === 0)),
};

/** Returns whether a condition is met. */
function isMet(operator: string, actual: readonly string[], expected: readonly string[]): boolean {
  const compare = operators[operator];
  if (compare === undefined) throw new Error(`The evaluator does not support the operator ${operator}.`);
  return compare(actual, expected);
}
