import type { Grant, GrantConstraints, GrantOperation } from '../core/grant-record.ts';
import type { Key } from '../core/key-record.ts';
import type { Store } from '../store/store.ts';
import type { AuthorizationTarget, EncryptionContext } from './authorization-target.ts';
import { formatRootArn, isNamedBy, type Principal } from './principal.ts';

/** A limit above the number of grants that KMS allows per key (50,000). */
const allGrants = 100_000;

/** A grant that applies to the caller. */
export interface GrantMatch {
  /**
   * True if the grantee is the caller, and false if the grantee is the caller's account. A grant to the account also
   * requires identity-based policies that allow the request.
   */
  readonly isDirect: boolean;
  /** True if the caller's account created the grant. For a key in another account, such a grant is sufficient. */
  readonly isOfOwnAccount: boolean;
}

/** Finds the grants on a key that allow the caller to perform this action. */
export function findMatchingGrants(
  store: Store,
  principal: Principal,
  key: Key,
  target: AuthorizationTarget,
): GrantMatch[] {
  const operation = target.action.replace('kms:', '') as GrantOperation;
  const root = formatRootArn(principal.account, key.region);
  const names = new Set([principal.arn, principal.principalArn, root]);
  return [...names].flatMap((granteePrincipal) =>
    store.grants
      .listPage(key.seq, { granteePrincipal }, 0, allGrants)
      .filter(({ record }) => record.Operations.includes(operation))
      .filter((grant) => satisfiesConstraints(grant, operation, target))
      .map(({ record }) => ({
        isDirect: isNamedBy(principal, granteePrincipal),
        isOfOwnAccount: record.IssuingAccount === root,
      })),
  );
}

/** The operations that do not accept an encryption context. Grant constraints do not apply to them. */
const unconstrained = new Set<GrantOperation>(['DescribeKey', 'RetireGrant']);

/**
 * Returns whether a request satisfies a grant's constraints
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html).
 */
function satisfiesConstraints({ record }: Grant, operation: GrantOperation, target: AuthorizationTarget): boolean {
  const { Constraints = {} } = record;
  if (operation === 'CreateGrant') return isWithinGrant(record, target);
  if (unconstrained.has(operation)) return true;
  const context = target.encryptionContext ?? {};
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = Constraints;
  if (equals !== undefined && !(includesPairs(context, equals) && includesPairs(equals, context))) return false;
  return subset === undefined || includesPairs(context, subset);
}

/**
 * Returns whether a new grant allows no more than its parent grant. The new grant can allow only operations that its
 * parent allows, and its constraints must be at least as strict
 * (https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant).
 */
function isWithinGrant(parent: Grant['record'], { input }: AuthorizationTarget): boolean {
  const operations = input.Operations as readonly GrantOperation[];
  const constraints = (input.Constraints ?? {}) as GrantConstraints;
  return (
    operations.every((one) => parent.Operations.includes(one)) && isAsStrict(constraints, parent.Constraints ?? {})
  );
}

function isAsStrict(child: GrantConstraints, parent: GrantConstraints): boolean {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = parent;
  if (equals !== undefined) {
    const same = child.EncryptionContextEquals;
    return same !== undefined && includesPairs(same, equals) && includesPairs(equals, same);
  }
  if (subset === undefined) return true;
  const stricter = child.EncryptionContextEquals ?? child.EncryptionContextSubset;
  return stricter !== undefined && includesPairs(stricter, subset);
}

/** Returns whether `whole` contains every pair in `part`. Names and values are case-sensitive. */
function includesPairs(whole: EncryptionContext, part: EncryptionContext): boolean {
  return Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && whole[name] === value);
}

/**
 * Returns whether the caller may retire a grant. The retiring principal may retire it, and so may the grantee if the
 * grant allows RetireGrant. The account that created the grant and the key's account may also retire it. These accounts
 * can delegate the permission to their users and roles with `kms:RetireGrant` in identity-based policies
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html).
 */
export function canRetire(principal: Principal, key: Key, { record }: Grant, isAllowedByIdentity: boolean): boolean {
  const { GranteePrincipal, RetiringPrincipal, Operations, IssuingAccount } = record;
  const retiring = [RetiringPrincipal, Operations.includes('RetireGrant') ? GranteePrincipal : undefined];
  if (retiring.some((arn) => arn !== undefined && isNamedBy(principal, arn))) return true;
  const root = formatRootArn(principal.account, key.region);
  const isOfAccount = key.account === principal.account || [IssuingAccount, ...retiring].includes(root);
  return isOfAccount && isAllowedByIdentity;
}
