import type { Policy, Statement } from '../policy-language/policy-document.ts';
import type { Store } from '../store/store.ts';
import type { Denial, PolicyType } from './access-denied.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import { type AuthorizationRequest, evaluate, type Verdict } from './evaluate.ts';
import {
  denyByIdentity,
  denyByResourceControl,
  denyByServiceControl,
  type EvaluatePolicy,
  evaluateIdentity,
  type IdentityVerdict,
} from './evaluate-identity.ts';
import { findMatchingGrants, type GrantMatch } from './matching-grants.ts';
import type { OrganizationPolicies } from './organization-policies.ts';

/** The statements of one policy that apply to a request. */
export interface PolicyEvidence {
  readonly type: PolicyType;
  /** The policy's position among the policies of this type, which starts at 0. */
  readonly index: number;
  readonly statements: readonly Statement[];
}

export interface Decision {
  /** `undefined` if the request is allowed. */
  readonly denial: Denial | undefined;
  /** The permissions boundary or session policy that limits the permissions of the caller's role. */
  readonly limit: Denial | undefined;
  readonly unknownKeys: readonly string[];
  readonly evidence: readonly PolicyEvidence[];
  readonly grants: readonly GrantMatch[];
}

const noOrganization: OrganizationPolicies = new Map();

/**
 * Decides whether policies and grants allow a request
 * (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html). An explicit deny in any policy takes
 * precedence, then a service control policy that does not allow the request. Within an account, the key policy or a
 * grant must allow the request, or the key policy must delegate to identity-based policies. Across accounts, both
 * accounts must allow the request.
 */
export function decide(
  store: Store,
  request: AuthorizationRequest,
  target: AuthorizationTarget,
  keyPolicy: Policy | undefined,
  organization: OrganizationPolicies = noOrganization,
): Decision {
  const { principal } = request;
  const unknownKeys: string[] = [];
  const evidence: PolicyEvidence[] = [];
  const evaluatePolicy: EvaluatePolicy = (policy, type, index = 0) => {
    const verdict = evaluate(policy, request);
    unknownKeys.push(...verdict.unknownKeys);
    if (verdict.statements.length > 0) evidence.push({ type, index, statements: verdict.statements });
    return verdict;
  };
  const serviceControl = denyByServiceControl(principal, organization, evaluatePolicy);
  const resourceControl = isOfKms(target)
    ? denyByResourceControl(principal, target.account, organization, evaluatePolicy)
    : undefined;
  const keyVerdict = keyPolicy === undefined ? undefined : evaluatePolicy(keyPolicy, 'resource-based policy');
  const identity = evaluateIdentity(principal, evaluatePolicy);
  let grants: readonly GrantMatch[] = [];
  const findDenial = (): Denial | undefined => {
    if (target.isAbsent) return { hidden: 'the key does not exist' };
    const organizationDenial = serviceControl.denied ?? resourceControl;
    if (keyVerdict === undefined)
      return organizationDenial ?? identity.denial ?? serviceControl.notAllowed ?? denyByIdentity(identity);
    const { key } = target;
    const isForeign = target.account !== principal.account;
    if (isForeign && !target.crossAccount) return { hidden: 'KMS does not allow the operation across accounts' };
    if (organizationDenial !== undefined) return organizationDenial;
    if (keyVerdict.denies)
      return isForeign ? { hidden: 'the key policy denies the request' } : { deniedBy: 'resource-based policy' };
    if (identity.denial !== undefined) return identity.denial;
    if (serviceControl.notAllowed !== undefined) return serviceControl.notAllowed;
    const findGrants = () => {
      if (key !== undefined) grants = findMatchingGrants(store, principal, key, target);
      return grants;
    };
    return isForeign
      ? denyBetweenAccounts(keyVerdict, identity, findGrants)
      : denyWithinAccount(keyVerdict, identity, findGrants);
  };
  return { denial: findDenial(), limit: identity.limit, unknownKeys, evidence, grants };
}

/** Returns whether an action affects a KMS resource. Resource control policies apply only to resources. */
function isOfKms({ action, resource }: AuthorizationTarget): boolean {
  return action.startsWith('kms:') && resource !== '*';
}

/**
 * Returns the reason for denying a request within an account. A permissions boundary and session policies limit the
 * permissions that a key policy or a grant gives to a role. They do not limit the permissions that it gives to a
 * specific user or session
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, and for grants, answers that were
 * recorded at AWS: https://github.com/radkawar/stackd/blob/main/testdata/aws/kms/grants.json).
 */
function denyWithinAccount(
  { allows }: Verdict,
  identity: IdentityVerdict,
  findGrants: () => readonly GrantMatch[],
): Denial | undefined {
  const { limit } = identity;
  if (allows.has('itself') || (allows.has('role') && limit === undefined)) return undefined;
  const identityDenial = denyByIdentity(identity);
  if (allows.has('account') && identityDenial === undefined) return undefined;
  const grants = findGrants();
  const isSufficient = ({ grantee }: GrantMatch) =>
    grantee === 'itself' || (grantee === 'role' ? limit : identityDenial) === undefined;
  if (grants.some(isSufficient)) return undefined;
  if (allows.has('role') || grants.some(({ grantee }) => grantee === 'role')) return limit;
  return allows.has('account') ? identityDenial : { notAllowedBy: 'resource-based policy' };
}

/**
 * Returns the reason for denying a request across accounts. The key's account must allow the caller or the caller's
 * account. The caller's account must allow the caller through identity-based policies, or through a grant that it
 * created ("key trust" on the policy evaluation page linked above, and the recorded answers linked above).
 */
function denyBetweenAccounts(
  { allows }: Verdict,
  identity: IdentityVerdict,
  findGrants: () => readonly GrantMatch[],
): Denial | undefined {
  const { limit } = identity;
  const identityDenial = denyByIdentity(identity);
  if (allows.size > 0 && identityDenial === undefined) return undefined;
  const grants = findGrants();
  const isSufficient = ({ grantee, isOfOwnAccount }: GrantMatch) =>
    identityDenial === undefined ||
    (isOfOwnAccount && (grantee === 'itself' || (grantee === 'role' && limit === undefined)));
  if (grants.some(isSufficient)) return undefined;
  if (limit !== undefined && grants.some(({ grantee }) => grantee === 'role')) return limit;
  return allows.size > 0 || grants.length > 0
    ? identityDenial
    : { hidden: 'neither the key policy nor a grant allows the caller or its account' };
}
