import type { Grant, GrantConstraints, GrantOperation } from '../core/grant-record.ts';
import type { Key } from '../core/key-record.ts';
import type { Store } from '../store/store.ts';
import type { EncryptionContext, Subject } from './authorization-target.ts';
import { isNamedBy, type Principal, rootArn } from './principal.ts';

/** Above the most that a key has. */
const allGrants = 100_000;

/** How a grant reaches the principal: as itself, or as its account, whose identity policies must allow it too. */
export interface GrantReach {
  readonly isDirect: boolean;
  /** Whether the caller's own account made it: a key of another account may then be used on the grant's word alone. */
  readonly isOfOwnAccount: boolean;
}

/** The grants of a key that allow this caller what it asks for. */
export function reachingGrants(store: Store, principal: Principal, key: Key, subject: Subject): GrantReach[] {
  const operation = subject.action.replace('kms:', '') as GrantOperation;
  const root = rootArn(principal.account, key.region);
  const names = new Set([principal.arn, principal.principalArn, root]);
  return [...names].flatMap((granteePrincipal) =>
    store.grants
      .listPage(key.seq, { granteePrincipal }, 0, allGrants)
      .filter(({ record }) => record.Operations.includes(operation))
      .filter((grant) => isSatisfied(grant, operation, subject))
      .map(({ record }) => ({
        isDirect: isNamedBy(principal, granteePrincipal),
        isOfOwnAccount: record.IssuingAccount === root,
      })),
  );
}

/** Operations that have no encryption context, and that a constraint leaves alone. */
const unconstrained = new Set<GrantOperation>(['DescribeKey', 'RetireGrant']);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
function isSatisfied({ record }: Grant, operation: GrantOperation, subject: Subject): boolean {
  const { Constraints = {} } = record;
  if (operation === 'CreateGrant') return isWithin(record, subject);
  if (unconstrained.has(operation)) return true;
  const context = subject.encryptionContext ?? {};
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = Constraints;
  if (equals !== undefined && !(includes(context, equals) && includes(equals, context))) return false;
  return subset === undefined || includes(context, subset);
}

/**
 * Who may create grants by a grant may hand on what that grant gives, or less: some of its operations, under constraints at
 * least as strict (https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant).
 */
function isWithin(parent: Grant['record'], { input }: Subject): boolean {
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
    return same !== undefined && includes(same, equals) && includes(equals, same);
  }
  if (subset === undefined) return true;
  const stricter = child.EncryptionContextEquals ?? child.EncryptionContextSubset;
  return stricter !== undefined && includes(stricter, subset);
}

/** Whether `whole` has all pairs of `part`, in their case. */
function includes(whole: EncryptionContext, part: EncryptionContext): boolean {
  return Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && whole[name] === value);
}

/**
 * Who may retire a grant: its retiring principal, its grantee where the grant says so, and the accounts that made the grant
 * and own the key; an account may leave it to its users and roles by `kms:RetireGrant` in their policies
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html).
 */
export function mayRetire(principal: Principal, key: Key, { record }: Grant, isAllowedByIdentity: boolean): boolean {
  const { GranteePrincipal, RetiringPrincipal, Operations, IssuingAccount } = record;
  const retiring = [RetiringPrincipal, Operations.includes('RetireGrant') ? GranteePrincipal : undefined];
  if (retiring.some((arn) => arn !== undefined && isNamedBy(principal, arn))) return true;
  const root = rootArn(principal.account, key.region);
  const isOfAccount = key.account === principal.account || [IssuingAccount, ...retiring].includes(root);
  return isOfAccount && isAllowedByIdentity;
}
