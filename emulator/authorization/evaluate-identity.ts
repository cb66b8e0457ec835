import type { Policy } from '../policy-language/policy-document.ts';
import type { Denial, PolicyType } from './access-denied.ts';
import type { Verdict } from './evaluate.ts';
import { isServiceLinkedRole, type OrganizationPolicies } from './organization-policies.ts';
import type { Principal } from './principal.ts';

/** Evaluates a policy. `index` is its position among the caller's policies of this type. */
export type EvaluatePolicy = (policy: Policy, type: PolicyType, index?: number) => Verdict;

/** The result of evaluating the policies in the caller's account. */
export interface IdentityVerdict {
  /** An explicit deny, or a service control policy that does not allow the request. */
  readonly denial: Denial | undefined;
  readonly allows: boolean;
  /** The permissions boundary or session policy that does not allow the request. Both limit the permissions of roles. */
  readonly limit: Denial | undefined;
}

/**
 * Evaluates the caller's identity-based policies, permissions boundary and session policies
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
 */
export function evaluateIdentity(
  { policies, boundary, sessionPolicies }: Principal,
  evaluatePolicy: EvaluatePolicy,
): IdentityVerdict {
  if (policies === undefined) return { denial: undefined, allows: true, limit: undefined };
  const evaluateAll = (list: readonly Policy[], type: PolicyType) => merge(evaluateEach(list, type, evaluatePolicy));
  const identity = evaluateAll(policies, 'identity-based policy');
  const bounds = boundary && evaluateAll([boundary], 'permissions boundary');
  const session = sessionPolicies && evaluateAll(sessionPolicies, 'session policy');
  const limiting = ([verdict, type]: readonly [Outcome | undefined, PolicyType]) =>
    verdict?.allows === false ? { notAllowedBy: type } : undefined;
  const denying = ([verdict, type]: readonly [Outcome | undefined, PolicyType]) =>
    verdict?.denies === true ? { deniedBy: type } : undefined;
  const limits = [[bounds, 'permissions boundary'] as const, [session, 'session policy'] as const];
  const all = [[identity, 'identity-based policy'] as const, ...limits];
  return {
    denial: all.map(denying).find((denial) => denial !== undefined),
    allows: identity.allows,
    limit: limits.map(limiting).find((denial) => denial !== undefined),
  };
}

/** Returns the reason why the caller's own policies do not allow the request. */
export function denyByIdentity({ denial, allows, limit }: IdentityVerdict): Denial | undefined {
  return denial ?? (allows ? limit : { notAllowedBy: 'identity-based policy' });
}

/** Returns the reason why the service control policies of the caller's account do not allow the request. */
export function denyByServiceControl(
  principal: Principal,
  organization: OrganizationPolicies,
  evaluatePolicy: EvaluatePolicy,
): { readonly denied: Denial | undefined; readonly notAllowed: Denial | undefined } {
  const { serviceControlLevels = [] } = organization.get(principal.account) ?? {};
  if (serviceControlLevels.length === 0 || isServiceLinkedRole(principal)) return noDenial;
  const type = 'service control policy';
  let first = 0;
  const levels = serviceControlLevels.map((level) => {
    const verdicts = level.map((policy, index) => evaluatePolicy(policy, type, first + index));
    first += level.length;
    return merge(verdicts);
  });
  return {
    denied: levels.some(({ denies }) => denies) ? { deniedBy: type } : undefined,
    notAllowed: levels.every(({ allows }) => allows) ? undefined : { notAllowedBy: type },
  };
}

/** Returns the reason why a resource control policy of the resource's account denies the request. */
export function denyByResourceControl(
  principal: Principal,
  account: string,
  organization: OrganizationPolicies,
  evaluatePolicy: EvaluatePolicy,
): Denial | undefined {
  const { resourceControls = [] } = organization.get(account) ?? {};
  if (resourceControls.length === 0 || isServiceLinkedRole(principal)) return undefined;
  const type = 'resource control policy';
  return merge(evaluateEach(resourceControls, type, evaluatePolicy)).denies ? { deniedBy: type } : undefined;
}

const noDenial = { denied: undefined, notAllowed: undefined };

interface Outcome {
  readonly denies: boolean;
  readonly allows: boolean;
}

function evaluateEach(policies: readonly Policy[], type: PolicyType, evaluatePolicy: EvaluatePolicy): Verdict[] {
  return policies.map((policy, index) => evaluatePolicy(policy, type, index));
}

function merge(verdicts: readonly Verdict[]): Outcome {
  return {
    denies: verdicts.some(({ denies }) => denies),
    allows: verdicts.some(({ allows }) => allows.size > 0),
  };
}
