import type { Grant } from '../core/grant-record.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { resolveKey } from '../keys/resolve-key.ts';
import type { Denial } from './access-denied.ts';
import type { AuthorizationTarget, Members } from './authorization-target.ts';
import type { Decision } from './decide.ts';
import { readGrantToken } from './grant-token.ts';
import type { KmsCall } from './kms-call.ts';
import { type GrantMatch, listNames } from './matching-grants.ts';
import { formatRootArn, type Principal } from './principal.ts';

/** The target of a RetireGrant request, and the decision about it. */
interface Retirement {
  readonly target: AuthorizationTarget;
  readonly decision: Decision;
}

/**
 * Decides a RetireGrant request based on the grant in the request. Returns `undefined` if the grant does not exist,
 * because the operation itself reports the error. `decideByIdentity` evaluates the caller's identity-based policies.
 */
export function decideRetirement(
  { input, context, principal }: KmsCall,
  decideByIdentity: (target: AuthorizationTarget) => Decision,
): Retirement | undefined {
  const found = findGrant(input, context);
  if (found === undefined) return undefined;
  const { account, region, arn: resource } = found.key;
  const operation = { operation: 'RetireGrant', crossAccount: true, action: 'kms:RetireGrant' } as const;
  const target = { ...operation, resource, region, account, input };
  const decision = decideByIdentity(target);
  const grants = listMatches(principal, found);
  return { target, decision: { ...decision, grants, denial: findDenial(principal, found, decision, grants) } };
}

/**
 * Returns the reason for denying a retirement. The retiring principal may retire a grant, and so may the grantee if the
 * grant allows RetireGrant. The account that created the grant and the key's account may also retire it. These accounts
 * can delegate the permission to their users and roles with `kms:RetireGrant` in identity-based policies
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html). A principal in another account also needs
 * an identity-based policy, unless its own account created the grant (recorded at AWS:
 * https://github.com/radkawar/stackd/blob/main/testdata/aws/kms/grants.json).
 */
function findDenial(
  principal: Principal,
  { key, grant }: Found,
  { denial, limit }: Decision,
  matches: readonly GrantMatch[],
): Denial | undefined {
  const isForeign = key.account !== principal.account;
  const isOfOwnAccount = grant.record.IssuingAccount === formatRootArn(principal.account, key.region);
  if (isForeign && !isOfOwnAccount && matches.length === 0)
    return { hidden: 'the grant does not allow the caller or its account to retire it' };
  if (denial === undefined || !canGrantReplace(denial)) return denial;
  const isSufficient = ({ grantee }: GrantMatch) => grantee === 'itself' || (grantee === 'role' && limit === undefined);
  if ((!isForeign || isOfOwnAccount) && matches.some(isSufficient)) return undefined;
  return (matches.some(({ grantee }) => grantee === 'role') && limit) || denial;
}

/** Returns whether a grant can replace the missing permission. A grant never overrides an organization's policy. */
function canGrantReplace(denial: Denial): boolean {
  return 'notAllowedBy' in denial && denial.notAllowedBy !== 'service control policy';
}

/** Lists the ways in which the grant allows the caller to retire it. */
function listMatches(principal: Principal, { key, grant: { grantId, record } }: Found): GrantMatch[] {
  const { RetiringPrincipal, GranteePrincipal, Operations, IssuingAccount } = record;
  const retiring = [RetiringPrincipal, Operations.includes('RetireGrant') ? GranteePrincipal : undefined];
  const isOfOwnAccount = IssuingAccount === formatRootArn(principal.account, key.region);
  return listNames(principal, key.region)
    .filter(([arn]) => retiring.includes(arn))
    .map(([, grantee]) => ({ grantId, grantee, isOfOwnAccount }));
}

interface Found {
  readonly key: Key;
  readonly grant: Grant;
}

function findGrant({ GrantToken, KeyId, GrantId }: Members, context: OperationContext): Found | undefined {
  try {
    const { keyArn, grantId } =
      typeof GrantToken === 'string'
        ? readGrantToken(GrantToken)
        : { keyArn: String(KeyId ?? ''), grantId: String(GrantId ?? '') };
    const key = resolveKey(context, keyArn);
    const grant = context.store.grants.find(key.seq, grantId);
    return grant === undefined ? undefined : { key, grant };
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}
