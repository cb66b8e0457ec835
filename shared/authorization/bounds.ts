import { parseArn } from '../declaration/arn.ts';
import { environmentList } from '../handler/environment-list.ts';

/** How far policies and grants that callers write may reach. */
export interface Bounds {
  /** The service's own account first. */
  readonly accountIds: readonly string[];
  /** `ALLOWED_PRINCIPALS`: ARNs, account ids and service names beyond those accounts, and `*`. */
  readonly principals: ReadonlySet<string>;
  /** `GRANT_OPERATIONS`: what a grant may allow. */
  readonly grantOperations: ReadonlySet<string> | undefined;
}

/** Refuses a validated request that reaches beyond the bounds, or cuts it down to what was checked. */
export type Guard = (input: Record<string, unknown>, bounds: Bounds) => void;

export function boundsFromEnvironment(environment: NodeJS.ProcessEnv): Bounds {
  const grantOperations = environmentList(environment.GRANT_OPERATIONS);
  return {
    accountIds: environmentList(environment.ALLOWED_ACCOUNT_IDS),
    principals: new Set(environmentList(environment.ALLOWED_PRINCIPALS)),
    grantOperations: grantOperations.length > 0 ? new Set(grantOperations) : undefined,
  };
}

/** Whether a principal of the `AWS` kind belongs to the service's accounts, or is listed. Unique ids tell no account. */
export function isAllowedPrincipal(principal: string, { accountIds, principals }: Bounds): boolean {
  const account = /^\d{12}$/.test(principal) ? principal : (parseArn(principal)?.accountId ?? '');
  return principals.has(principal) || principals.has(account) || accountIds.includes(account);
}
