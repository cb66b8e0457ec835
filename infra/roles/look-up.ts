import { keyMembers, type Operation, type Permission } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment.ts';

/** What telling a key by its id or tags takes, where callers are held to some keys, or to those of their tenant. */
export function lookUpPermissions(operation: Operation, { parameters }: Deployment): Permission[] {
  const { keysClaim, directKeys, tenantField } = parameters;
  const isHeld = keysClaim !== undefined || directKeys !== undefined || tenantField !== undefined;
  if (!isHeld || keyMembers(operation).length === 0) return [];
  const declared = new Set(operation.permissions.map(({ action }) => action));
  return (['kms:DescribeKey', 'kms:ListResourceTags'] as const)
    .filter((action) => !declared.has(action))
    .map((action) => ({ action, resource: 'key' }));
}
