import { allOperations } from '../../functions/all-operations.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { callMessage } from '../../shared/observability/call-message.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { auditLogGroupName, functionLogGroupName } from '../deployment/log-groups.ts';
import { auditLogGroup, functionId, functionLogGroup } from '../deployment/logical-ids.ts';
import { buildLambdaRole } from '../roles/lambda-role.ts';
import type { Statement } from '../roles/statement.ts';

/** The name of the audit forwarder, which is the function that writes the audit trail. */
export const forwarder = 'forwardAudit';
/** The logical id of the forwarder's role. */
export const forwarderRole = 'ForwardAuditRole';

const timeoutSeconds = 60;

const description = 'Copies call records from the function logs to the audit trail.';

export type ForwarderEntry = ReturnType<typeof buildForwarderEntry>;

/** Maps each operation to the `detail-type` of the lifecycle event that a successful call publishes. */
export const lifecycleEvents: Readonly<Record<string, string>> = Object.fromEntries(
  allOperations.flatMap(({ name, lifecycleEvent }) => (lifecycleEvent === undefined ? [] : [[name, lifecycleEvent]])),
);

/** Builds the forwarder's function entry for serverless.yml. The forwarder has no route. */
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

/** Builds the forwarder's subscription to the function logs, and its role. */
export function buildAuditResources(deployment: Deployment): Record<string, object> {
  const { stage } = deployment;
  return {
    AuditSubscription: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: ['AuditPermission'],
      Properties: {
        LogGroupName: { Ref: functionLogGroup },
        // The filter excludes the forwarder's own lines in this log group, because their message differs.
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
