import { hash } from 'node:crypto';
import { parseArn } from '../../shared/declaration/arn.ts';
import { findPartition } from '../core/arn.ts';
import type { Policy } from '../policy-language/policy-document.ts';

/** A caller: a user, a role session, a federated user, or an account root user. */
export interface Principal {
  /** The ARN in AWS error messages. For a role session, this is the session ARN. */
  readonly arn: string;
  readonly account: string;
  /** The value of `aws:PrincipalType`. */
  readonly type: 'Account' | 'User' | 'AssumedRole' | 'FederatedUser';
  /** The value of `aws:PrincipalArn`. For a role session, this is the role ARN. */
  readonly principalArn: string;
  /** The value of `aws:username`, which only users have. */
  readonly userName?: string | undefined;
  /** The principal's identity-based policies. `undefined` allows everything, as for the account root user. */
  readonly policies: readonly Policy[] | undefined;
  readonly boundary?: Policy | undefined;
  /** The policies that were passed when the session was created. `undefined` does not limit the session. */
  readonly sessionPolicies?: readonly Policy[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Condition key values from the seed, by lowercase name. They take precedence over values from the request. */
  readonly conditionKeys: ReadonlyMap<string, readonly string[]>;
  readonly secretAccessKey?: string | undefined;
}

export type Identity = Pick<Principal, 'arn' | 'account' | 'type' | 'principalArn' | 'userName'>;

const resourcePattern =
  /^(?:(root)|user\/(?:\S*\/)?([^/\s]+)|role\/(?:\S*\/)?([^/\s]+)|assumed-role\/([^/\s]+)\/[^/\s]+|federated-user\/[^/\s]+)$/;

/**
 * Parses the ARN of a caller. Returns `undefined` if the ARN does not identify a caller. A role ARN identifies a
 * session of that role. A role with a path requires the role ARN, because session ARNs do not contain the path.
 */
export function parseIdentity(arn: string, sessionName: string): Identity | undefined {
  const { partition = '', service, region, accountId: account = '', resource = '' } = parseArn(arn) ?? {};
  if (service !== 'iam' && service !== 'sts') return undefined;
  if (!/^[a-z-]+$/.test(partition) || region !== '' || !/^\d{12}$/.test(account)) return undefined;
  const match = resourcePattern.exec(resource);
  if (match === null) return undefined;
  const [, root, userName, role, sessionRole] = match;
  if (root !== undefined) return { arn, account, type: 'Account', principalArn: arn };
  if (userName !== undefined) return { arn, account, type: 'User', principalArn: arn, userName };
  if (role !== undefined) {
    const session = `arn:${partition}:sts::${account}:assumed-role/${role}/${sessionName}`;
    return { arn: session, account, type: 'AssumedRole', principalArn: arn };
  }
  if (sessionRole !== undefined) {
    const roleArn = `arn:${partition}:iam::${account}:role/${sessionRole}`;
    return { arn, account, type: 'AssumedRole', principalArn: roleArn };
  }
  return { arn, account, type: 'FederatedUser', principalArn: arn };
}

/** Formats the ARN of the account root user. */
export function formatRootArn(account: string, region: string): string {
  return `arn:${findPartition(region)}:iam::${account}:root`;
}

/** Creates the account root user, which is allowed everything. */
export function createRootPrincipal(account: string, region: string): Principal {
  const arn = formatRootArn(account, region);
  return { arn, account, type: 'Account', principalArn: arn, policies: undefined, tags: {}, conditionKeys: new Map() };
}

/**
 * Returns the value of `aws:userid`, which STS calls `UserId`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable). AWS assigns unique
 * ids at random. The emulator derives them from the ARN, unless the seed contains `aws:userid`.
 */
export function getUserId({ arn, account, type, principalArn, conditionKeys }: Principal): string {
  const [seeded] = conditionKeys.get('aws:userid') ?? [];
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (seeded !== undefined) return seeded;
  if (type === 'Account') return account;
  if (type === 'FederatedUser') return `${account}:${name}`;
  return type === 'User' ? deriveUniqueId('AIDA', principalArn) : `${deriveUniqueId('AROA', principalArn)}:${name}`;
}

/** Unique ids have 21 characters in the emulator. AWS documents only their prefix and a length of at most 128. */
function deriveUniqueId(prefix: string, arn: string): string {
  const digest = hash('sha256', arn, 'buffer');
  return prefix + Array.from(digest.subarray(0, 17), (byte) => base32[byte % base32.length]).join('');
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
