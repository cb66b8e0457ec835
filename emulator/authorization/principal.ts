import { partitionOf } from '../core/arn.ts';
import type { Policy } from './policy-document.ts';

/** Who calls: a user, a session of a role, a federated user, or the root of an account. */
export interface Principal {
  /** As AWS's messages name it: of a role, its session. */
  readonly arn: string;
  readonly account: string;
  /** aws:PrincipalType. */
  readonly type: 'Account' | 'User' | 'AssumedRole' | 'FederatedUser';
  /** aws:PrincipalArn: of a session, its role. */
  readonly principalArn: string;
  /** aws:username, of a user. */
  readonly userName?: string | undefined;
  /** Policies of its identity; undefined: everything is allowed, as to the root of an account. */
  readonly policies: readonly Policy[] | undefined;
  readonly boundary?: Policy | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Condition keys, in lower case, whose values were given; they go before what the request says. */
  readonly conditionKeys: ReadonlyMap<string, readonly string[]>;
  readonly secretAccessKey?: string | undefined;
}

export type Identity = Pick<Principal, 'arn' | 'account' | 'type' | 'principalArn' | 'userName'>;

const arnForm =
  /^(arn:([a-z-]+):(?:iam|sts)::(\d{12}):)(?:(root)|(?:user\/(?:\S*\/)?([^/\s]+))|(?:role\/(?:\S*\/)?([^/\s]+))|(?:assumed-role\/([^/\s]+)\/[^/\s]+)|(?:federated-user\/[^/\s]+))$/;

/**
 * Whose ARN this is; undefined for one of nobody who calls. A role's own ARN stands for a session of it, which is the way to
 * give a role with a path: the ARN of a session has none.
 */
export function identityOf(arn: string, sessionName: string): Identity | undefined {
  const [, , partition, account = '', root, userName, role, sessionRole] = arnForm.exec(arn) ?? [];
  if (partition === undefined) return undefined;
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

export function rootArn(account: string, region: string): string {
  return `arn:${partitionOf(region)}:iam::${account}:root`;
}

/** The administrator of an account: who calls with an access key that nobody declared. */
export function rootOf(account: string, region: string): Principal {
  const arn = rootArn(account, region);
  return { arn, account, type: 'Account', principalArn: arn, policies: undefined, tags: {}, conditionKeys: new Map() };
}

/** Whether an ARN of a grant or of a policy names the caller itself, by whichever of its names. */
export function isNamedBy(principal: Principal, arn: string): boolean {
  return arn === principal.arn || arn === principal.principalArn;
}
