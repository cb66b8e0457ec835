import type { Caller } from '../call/caller.ts';
import type { Tenancy } from '../config/function-config.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';

const claimPrefix = 'claim:';

/**
 * Returns the caller's tenant, or `undefined` if the caller is not bound to a tenant. Throws if the caller must have a
 * tenant but has none.
 */
export function resolveTenant(caller: Caller, { field, direct, allowsEmails }: Tenancy): string | undefined {
  if (caller.kind === 'local') return undefined;
  if (caller.kind === 'direct') {
    if (direct === 'unbound') return undefined;
    throw callerNotAllowed('Direct invocation is not allowed, because direct invokers have no tenant.');
  }
  const tenant = readTenant(caller, field);
  if (typeof tenant !== 'string' || tenant === '') throw callerNotAllowed('The caller has no tenant.');
  if (tenant.includes('@') && !allowsEmails) {
    throw callerNotAllowed('The tenant looks like an email address, which CloudTrail would record in plaintext.');
  }
  return tenant;
}

function readTenant(caller: Caller, field: string): unknown {
  if (field.startsWith(claimPrefix)) return caller.claims?.[field.slice(claimPrefix.length)];
  return field === 'account' ? caller.accountId : caller.principal;
}
