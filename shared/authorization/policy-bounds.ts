import type { PolicyBounds } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';

/** Throws if a validated request exceeds the bounds. May replace a member with the form that it checked. */
export type Guard = (input: Record<string, unknown>, bounds: PolicyBounds) => void;

/**
 * Returns `true` if an `AWS` principal belongs to an account that the service allows, or is listed. A unique id (`AIDA…`)
 * does not contain its account, so it must be listed.
 */
export function isAllowedPrincipal(principal: string, { accountIds, principals }: PolicyBounds): boolean {
  const account = /^\d{12}$/.test(principal) ? principal : (parseArn(principal)?.accountId ?? '');
  return principals.has(principal) || principals.has(account) || accountIds.includes(account);
}
