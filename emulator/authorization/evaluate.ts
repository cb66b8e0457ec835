import { isSatisfied } from '../policy-language/condition-operators.ts';
import type { Condition } from '../policy-language/policy-conditions.ts';
import type { Matcher, Policy, Statement } from '../policy-language/policy-document.ts';
import type { Principals } from '../policy-language/policy-principals.ts';
import { fillTemplate, matches } from '../policy-language/wildcard-pattern.ts';
import type { Principal } from './principal.ts';

/** The input for evaluating a policy. */
export interface AuthorizationRequest {
  readonly principal: Principal;
  /** The action, such as `kms:Encrypt`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /**
   * Returns a condition key's values. Returns `undefined` if the request has no value for the condition key, or `null`
   * if the key is unknown.
   */
  readConditionKey(conditionKey: string): readonly string[] | undefined | null;
}

/**
 * The type of match between a statement and the caller:
 *
 * - `account`: The statement specifies the account, and the caller's identity-based policies decide.
 * - `role`: The statement specifies the role of the caller's session, and the permissions boundary still applies.
 * - `itself`: The statement specifies the caller, and no other permission is required.
 */
export type PrincipalMatch = 'account' | 'role' | 'itself';

export interface Verdict {
  readonly denies: boolean;
  readonly allows: ReadonlySet<PrincipalMatch>;
  /**
   * The unknown condition keys in the matching statements. An Allow statement with an unknown condition key has no
   * effect. A Deny statement ignores the unknown condition key and still applies.
   */
  readonly unknownKeys: readonly string[];
  /** The statements that apply, including Allow statements with an unknown condition key. */
  readonly statements: readonly Statement[];
}

/** Evaluates a policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). */
export function evaluate(policy: Policy, request: AuthorizationRequest): Verdict {
  const allows = new Set<PrincipalMatch>();
  const unknownKeys: string[] = [];
  const statements: Statement[] = [];
  let denies = false;
  for (const statement of policy.statements) {
    const match = matchPrincipal(statement, request);
    if (match === undefined || !appliesTo(statement, request)) continue;
    const unknown = statement.conditions.filter(({ key }) => request.readConditionKey(key) === null);
    const known = statement.conditions.filter((condition) => !unknown.includes(condition));
    if (!known.every((condition) => isMet(condition, request))) continue;
    unknownKeys.push(...unknown.map(({ key }) => key));
    statements.push(statement);
    if (statement.isDeny) denies = true;
    else if (unknown.length === 0) allows.add(match);
  }
  return { denies, allows, unknownKeys, statements };
}

function appliesTo({ actions, resources }: Statement, request: AuthorizationRequest): boolean {
  return (
    matchesText(actions, request.action.toLowerCase(), request) && matchesText(resources, request.resource, request)
  );
}

/**
 * Returns whether a text matches an element of a statement. In a key policy, the resource `*` means the key itself
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html).
 */
function matchesText({ isNegated, templates }: Matcher, text: string, request: AuthorizationRequest): boolean {
  const isMatch = templates.some((template) => {
    const pattern = fillTemplate(template, (variable) => readVariable(variable, request));
    return pattern !== undefined && matches(pattern, text);
  });
  return templates.length > 0 && isMatch !== isNegated;
}

function isMet(condition: Condition, request: AuthorizationRequest): boolean {
  const patterns = condition.values.flatMap((template) => {
    const pattern = fillTemplate(template, (variable) => readVariable(variable, request));
    return pattern === undefined ? [] : [pattern];
  });
  return isSatisfied(condition, request.readConditionKey(condition.key) ?? undefined, patterns);
}

/** Returns a policy variable's value. Returns `undefined` unless the condition key has exactly one value. */
function readVariable(variable: string, request: AuthorizationRequest): string | undefined {
  const values = request.readConditionKey(variable);
  return values?.length === 1 ? values[0] : undefined;
}

function matchPrincipal(
  { principals, isDeny }: Statement,
  { principal }: AuthorizationRequest,
): PrincipalMatch | undefined {
  if (principals === undefined) return 'itself';
  if (principals.isNegated) return isExempt(principals, principal) ? undefined : 'itself';
  if (principals.everyone) return 'itself';
  if (principals.arns.has(principal.arn)) return 'itself';
  if (principals.arns.has(principal.principalArn)) return principal.type === 'AssumedRole' ? 'role' : 'itself';
  if (!principals.accounts.has(principal.account)) return undefined;
  return isDeny || principal.type === 'Account' ? 'itself' : 'account';
}

/**
 * Returns whether NotPrincipal exempts the principal. NotPrincipal must list the account, the role or user, and the
 * session (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
 */
function isExempt({ everyone, accounts, arns }: Principals, principal: Principal): boolean {
  if (everyone) return true;
  if (!accounts.has(principal.account)) return false;
  return principal.type === 'Account' || [principal.arn, principal.principalArn].every((arn) => arns.has(arn));
}
