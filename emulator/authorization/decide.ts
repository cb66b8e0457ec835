import type { Policy } from '../policy-language/policy-document.ts';
import type { Store } from '../store/store.ts';
import type { Denial } from './access-denied.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import { type AuthorizationRequest, evaluate, type Verdict } from './evaluate.ts';
import { findMatchingGrants, type GrantMatch } from './matching-grants.ts';
import type { Principal } from './principal.ts';

/** The result of evaluating the caller's identity-based policies and permissions boundary. */
interface IdentityVerdict {
  /** The explicit deny, if any. */
  readonly denial: Denial | undefined;
  readonly allows: boolean;
  /** True if the permissions boundary allows the request, or if there is no boundary. */
  readonly isWithinBoundary: boolean;
}

export interface Decision {
  /** `undefined` if the request is allowed. */
  readonly denial: Denial | undefined;
  readonly unknownKeys: readonly string[];
}

/**
 * Decides whether the key policy, identity-based policies, permissions boundary and grants allow a request
 * (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html). An explicit deny in any policy takes
 * precedence. Within an account, the key policy or a grant must allow the request, or the key policy must delegate to
 * identity-based policies. Across accounts, both accounts must allow the request.
 */
export function decide(
  store: Store,
  request: AuthorizationRequest,
  target: AuthorizationTarget,
  keyPolicy: Policy | undefined,
): Decision {
  const { principal } = request;
  const unknownKeys: string[] = [];
  const evaluatePolicy = (policy: Policy): Verdict => {
    const verdict = evaluate(policy, request);
    unknownKeys.push(...verdict.unknownKeys);
    return verdict;
  };
  const keyVerdict = keyPolicy === undefined ? undefined : evaluatePolicy(keyPolicy);
  const identity = evaluateIdentity(principal, evaluatePolicy);
  const findDenial = (): Denial | undefined => {
    if (target.isAbsent) return 'hidden';
    if (keyVerdict === undefined) return denyByIdentity(identity);
    const { key } = target;
    const isForeign = target.account !== principal.account;
    if (isForeign && !target.crossAccount) return 'hidden';
    if (keyVerdict.denies) return isForeign ? 'hidden' : { deniedBy: 'resource-based policy' };
    if (identity.denial !== undefined) return identity.denial;
    const findGrants = () => (key === undefined ? [] : findMatchingGrants(store, principal, key, target));
    return isForeign
      ? denyBetweenAccounts(keyVerdict, identity, findGrants)
      : denyWithinAccount(keyVerdict, identity, findGrants);
  };
  return { denial: findDenial(), unknownKeys };
}

function evaluateIdentity(
  { policies, boundary }: Principal,
  evaluatePolicy: (policy: Policy) => Verdict,
): IdentityVerdict {
  if (policies === undefined) return { denial: undefined, allows: true, isWithinBoundary: true };
  const verdicts = policies.map(evaluatePolicy);
  const boundaryVerdict = boundary === undefined ? undefined : evaluatePolicy(boundary);
  const allows = verdicts.some((verdict) => verdict.allows.size > 0);
  const isWithinBoundary = boundaryVerdict === undefined || boundaryVerdict.allows.size > 0;
  if (verdicts.some(({ denies }) => denies))
    return { denial: { deniedBy: 'identity-based policy' }, allows, isWithinBoundary };
  if (boundaryVerdict?.denies) return { denial: { deniedBy: 'permissions boundary' }, allows, isWithinBoundary };
  return { denial: undefined, allows, isWithinBoundary };
}

function denyByIdentity({ denial, allows, isWithinBoundary }: IdentityVerdict): Denial | undefined {
  if (denial !== undefined) return denial;
  if (!allows) return { notAllowedBy: 'identity-based policy' };
  return isWithinBoundary ? undefined : { notAllowedBy: 'permissions boundary' };
}

/**
 * Returns the reason for denying a request within an account. A permissions boundary limits the permissions that a key
 * policy grants to a role. It does not limit the permissions that the key policy grants to a specific user or session
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
 */
function denyWithinAccount(
  { allows }: Verdict,
  identity: IdentityVerdict,
  findGrants: () => GrantMatch[],
): Denial | undefined {
  if (allows.has('itself') || (allows.has('role') && identity.isWithinBoundary)) return undefined;
  const identityDenial = denyByIdentity(identity);
  if (allows.has('account') && identityDenial === undefined) return undefined;
  if (findGrants().some(({ isDirect }) => isDirect || identityDenial === undefined)) return undefined;
  if (allows.has('account')) return identityDenial;
  return allows.has('role') ? { notAllowedBy: 'permissions boundary' } : { notAllowedBy: 'resource-based policy' };
}

/**
 * Returns the reason for denying a request across accounts. The key's account must allow the caller or the caller's
 * account. The caller's account must allow the caller through identity-based policies, or through a grant that it
 * created ("key trust" on the policy evaluation page linked above).
 */
function denyBetweenAccounts(
  { allows }: Verdict,
  identity: IdentityVerdict,
  findGrants: () => GrantMatch[],
): Denial | undefined {
  const identityDenial = denyByIdentity(identity);
  if (allows.size > 0 && identityDenial === undefined) return undefined;
  const grants = findGrants();
  if (grants.some(({ isDirect, isOfOwnAccount }) => identityDenial === undefined || (isDirect && isOfOwnAccount))) {
    return undefined;
  }
  return allows.size > 0 || grants.length > 0 ? identityDenial : 'hidden';
}
