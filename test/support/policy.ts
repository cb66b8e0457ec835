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
  const expression = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(text);
}

/** The operators that the roles use. Other operators throw, so that the tests do not ignore conditions. */
const operators: Readonly<Record<string, (actual: string, expected: string) => boolean>> = {
  StringEquals: (actual, expected) => actual === expected,
  ArnLike: (actual, expected) => matches(expected, actual),
  'ForAnyValue:StringEqualsIgnoreCase': (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  Bool: (actual, expected) => actual === expected,
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
};

/** Returns whether a condition is met. A condition on a key that is missing from the request is not met. */
function isMet(operator: string, actual: readonly string[], expected: readonly string[]): boolean {
  const compare = operators[operator];
  if (compare === undefined) throw new Error(`The evaluator does not support the operator ${operator}.`);
  return actual.some((value) => expected.some((wanted) => compare(value, wanted)));
}
