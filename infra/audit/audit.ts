import { allOperations } from '../../functions/all-operations.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { callMessage } from '../../shared/observability/call-message.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { auditLogGroupName, functionLogGroupName } from '../deployment/log-groups.ts';
import { auditLogGroup, functionId, functionLogGroup } from '../deployment/logical-ids.ts';
import { buildLambdaRole } from '../roles/lambda-role.ts';
import type { Statement } from '../roles/statement.ts';

/** The function that writes the audit trail, and its role. */
export const forwarder = 'forwardAudit';
export const forwarderRole = 'ForwardAuditRole';

const timeoutSeconds = 60;

const description = 'Copies call records from the function log to the audit trail.';

export type ForwarderEntry = ReturnType<typeof buildForwarderEntry>;

/** The `detail-type` of the event that a successful call of each operation publishes. */
export const lifecycleEvents: Readonly<Record<string, string>> = Object.fromEntries(
  allOperations.flatMap(({ name, lifecycleEvent }) => (lifecycleEvent === undefined ? [] : [[name, lifecycleEvent]])),
);

/** Builds the forwarder's function entry for serverless.yml. It has no route. */
export function buildForwarderEntry({ stage, parameters }: Deployment) {
  return {
    handler: 'functions/audit/forward/handler.handler',
    description,
    role: forwarderRole,
    timeout: timeoutSeconds,
    disableLogs: true,
    dependsOn: [functionLogGroup, auditLogGroup],
    environment: {
      [variableNames.auditLogGroup]: auditLogGroupName(stage),
      ...(parameters.eventBus === undefined
        ? {}
        : {
            [variableNames.eventBus]: parameters.eventBus,
            [variableNames.lifecycleEvents]: JSON.stringify(lifecycleEvents),
          }),
    },
    events: [],
  } as const;
}

/** Builds the forwarder's subscription to the function log and its role, which can only append to the audit trail. */
export function buildAuditResources(deployment: Deployment): Record<string, object> {
  const { stage } = deployment;
  return {
    AuditSubscription: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: ['AuditPermission'],
      Properties: {
        LogGroupName: { Ref: functionLogGroup },
        // The forwarder logs to the same group. Its own lines never have this message, so it does not receive them.
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
    [forwarderRole]: buildLambdaRole(description, 'audit', buildStatements(deployment), deployment),
  };
}

function buildStatements({ stage, parameters }: Deployment): Statement[] {
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
