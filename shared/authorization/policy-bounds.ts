import type { PolicyBounds } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';

/** Rejects a validated request that exceeds the bounds. May replace a member with the form that was checked. */
export type Guard = (input: Record<string, unknown>, bounds: PolicyBounds) => void;

/**
 * Returns `true` if an `AWS` principal belongs to an account of the service, or is listed. A unique id (`AIDA…`) does not
 * contain its account, and must be listed.
 */
export function isAllowedPrincipal(principal: string, { accountIds, principals }: PolicyBounds): boolean {
  const account = /^\d{12}$/.test(principal) ? principal : (parseArn(principal)?.accountId ?? '');
  return principals.has(principal) || principals.has(account) || accountIds.includes(account);
}
