import type { Tenancy } from './access-config.ts';
import type { Caller } from './caller.ts';
import { notAllowed } from './not-allowed.ts';

const claimPrefix = 'claim:';

/** The tenant that a caller belongs to; `undefined` for one who is bound to none. Whoever should have one and has not is refused. */
export function tenantOf(caller: Caller, { field, direct, allowsEmails }: Tenancy): string | undefined {
  if (caller.kind === 'local') return undefined;
  if (caller.kind === 'direct') {
    if (direct === 'unbound') return undefined;
    throw notAllowed('A direct invoker has no tenant, and this service keeps its tenants apart.');
  }
  const value = field.startsWith(claimPrefix)
    ? caller.claims?.[field.slice(claimPrefix.length)]
    : field === 'account'
      ? caller.accountId
      : caller.principal;
  if (typeof value !== 'string' || value === '') throw notAllowed('The caller has no tenant.');
  if (value.includes('@') && !allowsEmails) {
    throw notAllowed('The tenant looks like an e-mail address, which would stand in CloudTrail in the clear.');
  }
  return value;
}
