import { allOperations } from '../../functions/all-operations.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { compact } from '../../shared/declaration/json-object.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { forwarderLogGroupName, functionLogGroupName } from '../deployment/log-groups.ts';
import { auditLogGroup, forwarderLogGroup, functionLogGroup } from '../deployment/logical-ids.ts';

/** The name of the audit forwarder, the function that writes the audit trail. */
export const forwarder = 'forwardAudit';
/** The logical id of the forwarder's role. */
export const forwarderRole = 'ForwardAuditRole';
export const forwarderDescription = 'Copies call records from the function logs to the audit trail.';

const timeoutSeconds = 60;

export type ForwarderEntry = ReturnType<typeof buildForwarderEntry>;

/** Maps each operation to the `detail-type` of the lifecycle event that a successful call publishes. */
export const lifecycleEvents: Readonly<Record<string, string>> = Object.fromEntries(
  allOperations.flatMap(({ name, lifecycleEvent }) => (lifecycleEvent === undefined ? [] : [[name, lifecycleEvent]])),
);

/** The operations that destroy keys. */
export const destructiveOperations = allOperations.filter(({ isDestructive }) => isDestructive).map(({ name }) => name);

/** Builds the forwarder's function entry for serverless.yml. The forwarder has no route. */
export function buildForwarderEntry({ stage, parameters }: Deployment) {
  const { eventBus, alarmTopicArn } = parameters;
  return {
    handler: 'functions/audit/forward/handler.handler',
    description: forwarderDescription,
    role: forwarderRole,
    timeout: timeoutSeconds,
    disableLogs: true,
    logs: { logFormat: 'JSON', logGroup: forwarderLogGroupName(stage) },
    dependsOn: [forwarderLogGroup, functionLogGroup],
    environment: compact({
      [variableNames.auditLogGroup]: { Ref: auditLogGroup },
      [variableNames.functionLogGroup]: functionLogGroupName(stage),
      [variableNames.eventBus]: eventBus,
      [variableNames.lifecycleEvents]: eventBus === undefined ? undefined : JSON.stringify(lifecycleEvents),
      [variableNames.alarmTopic]: alarmTopicArn,
      [variableNames.destructiveOperations]: alarmTopicArn === undefined ? undefined : destructiveOperations.join(','),
    }),
    events: [],
  } as const;
}
