import type { Operation } from '../shared/declaration/operation.ts';
import { buildAuditResources } from './audit/audit.ts';
import { buildForwarderOutputs } from './audit/forwarder-failures.ts';
import { buildBulkOutputs, buildBulkResources } from './bulk/bulk.ts';
import { buildAsyncInvocation } from './deployment/async-invocation.ts';
import type { Deployment } from './deployment/deployment.ts';
import { buildLogGroups } from './deployment/log-groups.ts';
import { httpApiStage, roleId } from './deployment/logical-ids.ts';
import { buildDomain, buildDomainOutputs } from './gateway/domain.ts';
import { buildStageExtension } from './gateway/stage.ts';
import { buildIdempotencyTable } from './idempotency/table.ts';
import { buildAlarms } from './monitoring/alarms.ts';
import { buildDashboard } from './monitoring/dashboard.ts';
import { buildThrottledRequests } from './monitoring/throttled-requests.ts';
import { buildCallersRoles } from './roles/callers-roles.ts';
import { buildFunctionRole } from './roles/function-role.ts';
import { buildRoleOutputs } from './roles/role-outputs.ts';

/** The parts of the template that osls does not derive from functions and routes. */
export interface Resources {
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: Readonly<Record<string, object>>;
  readonly extensions?: Readonly<Record<string, object>>;
}

export function buildResources(deployment: Deployment, operations: readonly Operation[]): Resources {
  const roles = operations.map((operation) => [roleId(operation), buildFunctionRole(operation, deployment)] as const);
  // `invoke local` and serverless-offline use only the resources to which functions refer.
  if (deployment.isLocal) return { Resources: { ...buildLogGroups(deployment), ...Object.fromEntries(roles) } };
  return {
    Resources: {
      ...buildLogGroups(deployment),
      ...Object.fromEntries(roles),
      ...buildAlarms(deployment),
      ...buildDashboard(deployment),
      ...buildThrottledRequests(deployment),
      ...buildDomain(deployment),
      ...buildCallersRoles(deployment),
      ...buildAuditResources(deployment),
      ...buildAsyncInvocation(operations),
      ...buildIdempotencyTable(deployment),
      ...buildBulkResources(deployment),
    },
    Outputs: {
      ...buildDomainOutputs(deployment),
      ...buildRoleOutputs(operations, deployment),
      ...buildForwarderOutputs(),
      ...buildBulkOutputs(deployment),
    },
    extensions: { [httpApiStage]: buildStageExtension(deployment, operations) },
  };
}
