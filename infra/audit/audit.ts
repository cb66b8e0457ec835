import { callMessage, itemMessage } from '../../shared/observability/call-message.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { forwarderLogGroupName, functionLogGroupName } from '../deployment/log-groups.ts';
import { auditLogGroup, functionId, functionLogGroup } from '../deployment/logical-ids.ts';
import { buildLambdaRole } from '../roles/lambda-role.ts';
import { buildLogStatement } from '../roles/log-statement.ts';
import type { Statement } from '../roles/statement.ts';
import { forwarder, forwarderDescription, forwarderRole } from './forwarder.ts';
import { buildForwarderFailures, queueStatement } from './forwarder-failures.ts';

/** Matches the records of calls and items, and Lambda's reports of invocations that did not succeed. */
const filterPattern = [
  ...[callMessage, itemMessage].map((message) => `($.message = "${message}")`),
  ...['error', 'failure', 'timeout'].map(
    (status) => `(($.type = "platform.report") && ($.record.status = "${status}"))`,
  ),
].join(' || ');

/**
 * Builds the forwarder's subscription to the function logs, the forwarder's role, and the resources that handle its
 * failures.
 */
export function buildAuditResources(deployment: Deployment): Record<string, object> {
  const { stage } = deployment;
  return {
    AuditSubscription: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: ['AuditPermission'],
      Properties: {
        LogGroupName: { Ref: functionLogGroup },
        FilterPattern: `{ ${filterPattern} }`,
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
    ...buildForwarderFailures(deployment),
    [forwarderRole]: buildLambdaRole(forwarderDescription, 'audit', buildStatements(deployment), deployment),
  };
}

function buildStatements({ stage, name, parameters }: Deployment): Statement[] {
  const { eventBus, alarmTopicArn } = parameters;
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', `log-group:\${${auditLogGroup}}:*`)),
    allow('logs:FilterLogEvents', arn('logs', `log-group:${functionLogGroupName(stage)}:*`)),
    buildLogStatement(forwarderLogGroupName(stage), `${name}-${forwarder}`),
    queueStatement,
    ...(eventBus === undefined ? [] : [allow('events:PutEvents', arn('events', `event-bus/${eventBus}`))]),
    ...(alarmTopicArn === undefined ? [] : [allow('sns:Publish', alarmTopicArn)]),
  ];
}

function allow(Action: Statement['Action'], Resource: Statement['Resource']): Statement {
  return { Effect: 'Allow', Action, Resource };
}
