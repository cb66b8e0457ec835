import { compact } from '../../shared/declaration/json-object.ts';
import { KmsError } from '../core/kms-error.ts';
import { createAccessDenied, type Denial, type PolicyType, summarizeDenial } from './access-denied.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import type { Decision, PolicyEvidence } from './decide.ts';
import type { Principal } from './principal.ts';

/** A permission that a request requires, and the decision about it. */
export interface Check {
  readonly target: AuthorizationTarget;
  readonly decision: Decision;
}

/** Explains whether policies and grants allow a request. */
export interface Explanation {
  readonly decision: 'allowed' | 'denied';
  /** The ARN of the caller. */
  readonly principal: string;
  /** The error message that the caller would receive. */
  readonly message?: string;
  /** The permissions that the request requires. The list is empty if the key in the request does not exist. */
  readonly permissions: readonly ExplainedPermission[];
}

export interface ExplainedPermission {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'denied';
  /** The statements that apply to the request. */
  readonly statements: readonly ExplainedStatement[];
  /** The ids of the grants that apply to the request. */
  readonly grants: readonly string[];
  /** The reason for a denial. Unlike `message`, it also names the reason for a key in another account. */
  readonly reason?: string;
  /** The change that could allow the request. */
  readonly missing?: string;
  /** Condition keys that the emulator does not support. */
  readonly unknownConditionKeys?: readonly string[];
}

export interface ExplainedStatement {
  /** The policy that contains the statement, such as `key policy` or `identity-based policy 2`. */
  readonly policy: string;
  readonly sid?: string;
  /** The statement's position in the policy, which starts at 1. */
  readonly statement: number;
  readonly effect: 'Allow' | 'Deny';
}

/** Explains the decisions about a request. `requireUnlocked` is the policy lockout safety check. */
export function explainChecks(
  principal: Principal,
  checks: readonly Check[],
  requireUnlocked: () => void,
): Explanation {
  const permissions = checks.map((check) => explainCheck(principal, check));
  const error = findError(principal, checks, requireUnlocked);
  const decision = error === undefined ? 'allowed' : 'denied';
  return { decision, principal: principal.arn, ...compact({ message: error?.message }), permissions };
}

function findError(principal: Principal, checks: readonly Check[], requireUnlocked: () => void): KmsError | undefined {
  for (const { target, decision } of checks) {
    const { denial, unknownKeys } = decision;
    if (denial !== undefined) return createAccessDenied(principal, target, denial, unknownKeys);
  }
  try {
    requireUnlocked();
  } catch (error) {
    if (error instanceof KmsError) return error;
    throw error;
  }
  return undefined;
}

function explainCheck(principal: Principal, { target, decision }: Check): ExplainedPermission {
  const { denial, evidence, grants, unknownKeys } = decision;
  return {
    action: target.action,
    resource: target.resource,
    decision: denial === undefined ? 'allowed' : 'denied',
    statements: evidence.flatMap(explainStatements),
    grants: grants.map(({ grantId }) => grantId),
    ...compact({
      reason: denial && summarizeDenial(target, denial),
      missing: denial && suggest(principal, target, denial),
      unknownConditionKeys: unknownKeys.length === 0 ? undefined : unknownKeys,
    }),
  };
}

function explainStatements({ type, index, statements }: PolicyEvidence): ExplainedStatement[] {
  const isSingle = type === 'resource-based policy' || type === 'permissions boundary';
  const name = type === 'resource-based policy' ? 'key policy' : type;
  return statements.map(({ position, sid, isDeny }) => ({
    policy: isSingle ? name : `${name} ${index + 1}`,
    ...compact({ sid }),
    statement: position,
    effect: isDeny ? 'Deny' : 'Allow',
  }));
}

/** The places where a permission of each type is added. */
const places: Readonly<Record<PolicyType, (principal: Principal, target: AuthorizationTarget) => string>> = {
  'service control policy': ({ account }) => `at each level, a service control policy of account ${account}`,
  'resource control policy': (_, { account }) => `a resource control policy of account ${account}`,
  'resource-based policy': ({ arn }) => `the key policy or a grant to ${arn}`,
  'identity-based policy': ({ principalArn }) => `an identity-based policy of ${principalArn}`,
  'permissions boundary': ({ principalArn }) => `the permissions boundary of ${principalArn}`,
  'session policy': ({ arn }) => `a session policy of ${arn}`,
};

/** Describes the change that could allow the request. */
function suggest(principal: Principal, target: AuthorizationTarget, denial: Denial): string {
  const { action, resource } = target;
  if ('notAllowedBy' in denial) {
    return `Allow ${action} on ${resource} in ${places[denial.notAllowedBy](principal, target)}.`;
  }
  if ('deniedBy' in denial) return `Change the Deny statements that apply. An Allow statement cannot override them.`;
  if ('reason' in denial) return 'Replace the key policy.';
  return `Check the ARN of the key, and allow ${principal.arn} or account ${principal.account} in the key policy of account ${target.account}.`;
}
