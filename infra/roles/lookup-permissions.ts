import { keyMembers, type Operation, type Permission } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';

/**
 * Returns the permissions to look up a key's id and tags, except those that are already in `permissions`. Functions need
 * them to check key lists and tenants.
 */
export function buildLookupPermissions(
  operation: Operation,
  permissions: readonly Permission[],
  { parameters }: Deployment,
): Permission[] {
  const { keysClaim, directKeys, tenantField } = parameters;
  const isRestricted = keysClaim !== undefined || directKeys !== undefined || tenantField !== undefined;
  if (!isRestricted || keyMembers(operation).length === 0) return [];
  const declared = new Set(permissions.map(({ action }) => action));
  return (['kms:DescribeKey', 'kms:ListResourceTags'] as const)
    .filter((action) => !declared.has(action))
    .map((action) => ({ action, resource: 'key' }));
}
