import type { Caller } from '../call/caller.ts';
import type { Tenancy } from '../config/function-config.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';

const claimPrefix = 'claim:';

/**
 * Matches valid tenants. A tenant is part of alias names, so it contains only characters that alias names may contain.
 */
const tenantPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Names with a meaning in aliases: AWS reserves `alias/aws/`, and all tenants share `alias/shared/`. */
const reservedTenants = new Set(['aws', 'shared']);

/**
 * Returns the caller's tenant, or `undefined` if the caller is not bound to a tenant. Throws if the caller must have a
 * tenant but has none.
 */
export function resolveTenant(caller: Caller, { field, direct }: Tenancy): string | undefined {
  if (caller.kind === 'local') return undefined;
  if (caller.kind === 'direct') {
    if (direct === 'unbound') return undefined;
    throw callerNotAllowed('Direct invocation is not allowed, because direct invokers have no tenant.');
  }
  const tenant = field.startsWith(claimPrefix)
    ? readClaim(caller, field.slice(claimPrefix.length))
    : readRoleName(caller);
  if (!tenantPattern.test(tenant) || reservedTenants.has(tenant.toLowerCase()))
    throw callerNotAllowed(
      'The caller has no valid tenant. A tenant is 1 to 64 letters, digits, hyphens and underscores, but not aws or shared.',
    );
  return tenant;
}

function readClaim({ claims }: Caller, name: string): string {
  const tenant = claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (typeof tenant !== 'string' || tenant === '') throw callerNotAllowed('The caller has no tenant.');
  return tenant;
}

/**
 * Returns the name of the caller's role, which is unique in its account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Users, the root user and federated users
 * have no role. IAM Identity Center recreates its roles with a new suffix
 * (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html), so these roles cannot be
 * tenants.
 */
function readRoleName({ principal = '' }: Caller): string {
  const [, role] = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)$/.exec(principal) ?? [];
  if (role === undefined) throw callerNotAllowed('The caller has no tenant, because it does not use an IAM role.');
  if (role.startsWith('AWSReservedSSO_'))
    throw callerNotAllowed('The caller has no tenant, because IAM Identity Center can replace its role.');
  return role;
}
