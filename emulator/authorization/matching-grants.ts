import type { Grant, GrantConstraints, GrantOperation } from '../core/grant-record.ts';
import type { Key } from '../core/key-record.ts';
import type { Store } from '../store/store.ts';
import type { AuthorizationTarget, EncryptionContext } from './authorization-target.ts';
import { formatRootArn, type Principal } from './principal.ts';

/** A grant that applies to the caller. */
export interface GrantMatch {
  readonly grantId: string;
  readonly grantee: Grantee;
  /** True if the caller's account created the grant. For a key in another account, such a grant is sufficient. */
  readonly isOfOwnAccount: boolean;
}

/**
 * How a grant identifies the caller: the user or session `itself`, the session's `role`, or the caller's `account`. A
 * grant to the account also requires identity-based policies that allow the request. A grant to a session identifies
 * the role and the session name, so it also applies to later sessions with the same name.
 */
export type Grantee = 'itself' | 'role' | 'account';

/** Lists the ARNs in grants that identify the caller. */
export function listNames(principal: Principal, region: string): [arn: string, grantee: Grantee][] {
  const { arn, principalArn, account, type } = principal;
  const root = formatRootArn(account, region);
  const names: [string, Grantee][] = [[arn, 'itself']];
  if (type === 'AssumedRole') names.push([principalArn, 'role']);
  if (arn !== root) names.push([root, 'account']);
  return names;
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
  return listNames(principal, key.region).flatMap(([arn, grantee]) =>
    store.grants
      .listByGrantee(key.seq, arn)
      .filter(({ record }) => record.Operations.includes(operation))
      .filter((grant) => satisfiesConstraints(grant, operation, target))
      .map(({ grantId, record }) => ({ grantId, grantee, isOfOwnAccount: record.IssuingAccount === root })),
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
