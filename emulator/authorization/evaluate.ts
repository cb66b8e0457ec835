import { holds } from './condition-operators.ts';
import type { Choice, Condition, Policy, Principals, Statement } from './policy-document.ts';
import type { Principal } from './principal.ts';
import { fill, matches } from './wildcard-pattern.ts';

/** What is asked of a policy: may this caller do this to that. */
export interface Question {
  readonly principal: Principal;
  /** `kms:Encrypt`. */
  readonly action: string;
  /** An ARN, or `*` where an action is about no resource. */
  readonly resource: string;
  /** The values of a condition key: undefined where the request has none, null for a key that is not known. */
  valuesOf(conditionKey: string): readonly string[] | undefined | null;
}

/**
 * How near a statement's principal is to the principal. To the account: its identity policies decide. To its role: its
 * permissions boundary still limits it. To itself: nothing else is asked.
 */
export type Nearness = 'account' | 'role' | 'itself';

export interface Verdict {
  readonly denies: boolean;
  readonly allows: ReadonlySet<Nearness>;
  /** Condition keys that the emulator does not know and that took part: they never allow, and always deny. */
  readonly unknownKeys: readonly string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function evaluate(policy: Policy, question: Question): Verdict {
  const allows = new Set<Nearness>();
  const unknownKeys: string[] = [];
  let denies = false;
  for (const statement of policy.statements) {
    const nearness = nearnessOf(statement, question);
    if (nearness === undefined || !isAbout(statement, question)) continue;
    const unknown = statement.conditions.filter(({ key }) => question.valuesOf(key) === null);
    const known = statement.conditions.filter((condition) => !unknown.includes(condition));
    if (!known.every((condition) => isMet(condition, question))) continue;
    unknownKeys.push(...unknown.map(({ key }) => key));
    if (statement.isDeny) denies = true;
    else if (unknown.length === 0) allows.add(nearness);
  }
  return { denies, allows, unknownKeys };
}

function isAbout({ actions, resources }: Statement, question: Question): boolean {
  return chooses(actions, question.action.toLowerCase(), question) && chooses(resources, question.resource, question);
}

/** In a key policy `*` is the key itself (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html). */
function chooses({ isNegated, templates }: Choice, text: string, question: Question): boolean {
  const isMatch = templates.some((template) => {
    const pattern = fill(template, (variable) => singleValue(variable, question));
    return pattern !== undefined && matches(pattern, text);
  });
  return templates.length > 0 && isMatch !== isNegated;
}

function isMet(condition: Condition, question: Question): boolean {
  const patterns = condition.values.flatMap((template) => {
    const pattern = fill(template, (variable) => singleValue(variable, question));
    return pattern === undefined ? [] : [pattern];
  });
  return holds(condition, question.valuesOf(condition.key) ?? undefined, patterns);
}

/** A variable stands for a key of one value. */
function singleValue(variable: string, { valuesOf }: Question): string | undefined {
  const values = valuesOf(variable);
  return values?.length === 1 ? values[0] : undefined;
}

function nearnessOf({ principals, isDeny }: Statement, { principal }: Question): Nearness | undefined {
  if (principals === undefined) return 'itself';
  if (principals.isNegated) return isExempt(principals, principal) ? undefined : 'itself';
  if (principals.everyone) return 'itself';
  if (principals.arns.has(principal.arn)) return 'itself';
  if (principals.arns.has(principal.principalArn)) return principal.type === 'AssumedRole' ? 'role' : 'itself';
  if (!principals.accounts.has(principal.account)) return undefined;
  return isDeny || principal.type === 'Account' ? 'itself' : 'account';
}

/**
 * Exempt from NotPrincipal is who is listed with all that it is: account, role or user, and session
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
 */
function isExempt({ everyone, accounts, arns }: Principals, principal: Principal): boolean {
  if (everyone) return true;
  if (!accounts.has(principal.account)) return false;
  return principal.type === 'Account' || [principal.arn, principal.principalArn].every((arn) => arns.has(arn));
}
