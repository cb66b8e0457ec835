import type { Operation } from '../shared/declaration/operation.ts';
import { auditResources } from './audit/audit.ts';
import type { Deployment } from './deployment.ts';
import { domainOutputs, domainResources } from './gateway/domain.ts';
import { httpApiStage, stageExtension } from './gateway/stage.ts';
import { logGroups } from './log-groups.ts';
import { alarmResources } from './monitoring/alarms.ts';
import { dashboardResources } from './monitoring/dashboard.ts';
import { callersRoleResources } from './roles/callers-role.ts';
import { functionRole, roleName } from './roles/function-role.ts';

/** What stands in the template beside what osls makes of functions and routes. */
export interface Resources {
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: Readonly<Record<string, object>>;
  readonly extensions?: Readonly<Record<string, object>>;
}

export function resourcesOf(deployment: Deployment, operations: readonly Operation[]): Resources {
  const roles = operations.map((operation) => [roleName(operation), functionRole(operation, deployment)] as const);
  // `invoke local` and offline look for what functions refer to, and for nothing else.
  if (deployment.isLocal) return { Resources: { ...logGroups(deployment), ...Object.fromEntries(roles) } };
  return {
    Resources: {
      ...logGroups(deployment),
      ...Object.fromEntries(roles),
      ...alarmResources(deployment),
      ...dashboardResources(deployment),
      ...domainResources(deployment),
      ...callersRoleResources(deployment),
      ...auditResources(deployment),
    },
    Outputs: domainOutputs(deployment),
    extensions: { [httpApiStage]: stageExtension(deployment, operations) },
  };
}
