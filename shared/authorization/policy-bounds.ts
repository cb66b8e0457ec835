import type { PolicyBounds } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';

/** Checks a validated request, and throws if the request exceeds the bounds. May replace a member with its checked form. */
export type Guard = (input: Record<string, unknown>, bounds: PolicyBounds) => void;

/**
 * Returns `true` if a principal of type `AWS` is in an allowed account of this partition, or is an allowed principal. A
 * unique id (`AIDA…`) does not contain an account, so it must be an allowed principal.
 */
export function isAllowedPrincipal(principal: string, { partition, accountIds, principals }: PolicyBounds): boolean {
  const arn = parseArn(principal);
  const account = arn?.partition === partition ? arn.accountId : principal;
  return principals.has(principal) || principals.has(account) || accountIds.includes(account);
}
