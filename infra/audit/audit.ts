import { allOperations } from '../../functions/all-operations.ts';
import { callMessage } from '../../shared/observability/call-message.ts';
import { arn } from '../arn.ts';
import type { Deployment } from '../deployment.ts';
import { functionId } from '../gateway/alias.ts';
import { auditLogGroup, auditLogGroupName, functionLogGroup, functionLogGroupName } from '../log-groups.ts';
import { lambdaRole } from '../roles/lambda-role.ts';
import type { Statement } from '../roles/statement.ts';

/** The function that keeps the audit trail, and its role. */
export const forwarder = 'forwardAudit';
export const forwarderRole = 'ForwardAuditRole';

const timeoutSeconds = 60;

const description = 'Carries the records of calls to the audit trail.';

export type ForwarderEntry = ReturnType<typeof forwarderEntryOf>;

/** The `detail-type` of the event that a successful call of each operation publishes. */
export const lifecycleEvents: Readonly<Record<string, string>> = Object.fromEntries(
  allOperations.flatMap(({ name, lifecycleEvent }) => (lifecycleEvent === undefined ? [] : [[name, lifecycleEvent]])),
);

/** The forwarder as serverless.yml would say it: no route leads to it. */
export function forwarderEntryOf({ stage, parameters }: Deployment) {
  return {
    handler: 'functions/audit/forward/handler.handler',
    description,
    role: forwarderRole,
    timeout: timeoutSeconds,
    disableLogs: true,
    dependsOn: [functionLogGroup, auditLogGroup],
    environment: {
      AUDIT_LOG_GROUP: auditLogGroupName(stage),
      ...(parameters.eventBus === undefined
        ? {}
        : { EVENT_BUS: parameters.eventBus, LIFECYCLE_EVENTS: JSON.stringify(lifecycleEvents) }),
    },
    events: [],
  } as const;
}

/** The subscription of the forwarder to the functions' log, and what it may do: add to the trail, and nothing else. */
export function auditResources(deployment: Deployment): Record<string, object> {
  const { stage } = deployment;
  return {
    AuditSubscription: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: ['AuditPermission'],
      Properties: {
        LogGroupName: { Ref: functionLogGroup },
        // Of the forwarder's own lines, none has this message.
        FilterPattern: `{ $.message = "${callMessage}" }`,
        DestinationArn: { 'Fn::GetAtt': [functionId(forwarder), 'Arn'] },
      },
    },
    AuditPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [functionId(forwarder), 'Arn'] },
        Principal: 'logs.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: arn('logs', `log-group:${functionLogGroupName(stage)}:*`),
      },
    },
    [forwarderRole]: lambdaRole(description, 'audit', statementsOf(deployment), deployment),
  };
}

function statementsOf({ stage, parameters }: Deployment): Statement[] {
  const logs = [auditLogGroupName(stage), functionLogGroupName(stage)];
  return [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: logs.map((group) => arn('logs', `log-group:${group}:*`)),
    },
    ...(parameters.eventBus === undefined
      ? []
      : [
          {
            Effect: 'Allow' as const,
            Action: 'events:PutEvents',
            Resource: arn('events', `event-bus/${parameters.eventBus}`),
          },
        ]),
  ];
}
