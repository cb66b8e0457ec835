import { describe, expect, test } from 'vitest';
import { variableNames } from '../../shared/config/variable-names.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { everyOperation, everything } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { decide, listStatements } from '../support/policy.ts';
import { filterByType, resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const logs = 'arn:aws:logs:us-east-1:111111111111:log-group';
const trail = `${logs}:(AuditLogGroup):log-stream:x`;
const environmentId = '0123456789abcdef0123456789abcdef';

describe('the audit trail', () => {
  const packaged = usePackaged(everything);
  const statements = (role: string) => resolveReferences(listStatements(packaged.resources.get(role)), place);

  const withDefaults = usePackaged(everyOperation);

  test('the audit trail keeps records for auditRetentionDays, in a log group with a new name after each failed or removed deployment', () => {
    const { Properties } = packaged.resources.get('AuditLogGroup') ?? {};
    expect(Properties).toMatchObject({ RetentionInDays: 731 });
    // CloudFormation generates a unique name. With a fixed name, a retained group would make the next deployment fail.
    expect(Properties).not.toHaveProperty('LogGroupName');
    expect(withDefaults.resources.get('AuditLogGroup')?.Properties).not.toHaveProperty('LogGroupName');
  });

  test('the audit trail outlives the stack and is protected from deletion, except with auditRetain=off, which ends the protection', () => {
    const kept = withDefaults.resources.get('AuditLogGroup');
    expect(kept).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    const thrownAway = packaged.resources.get('AuditLogGroup');
    expect(thrownAway).not.toHaveProperty('DeletionPolicy');
    expect(thrownAway).not.toHaveProperty('UpdateReplacePolicy');
    expect(thrownAway?.Properties).toMatchObject({ DeletionProtectionEnabled: false });
  });

  test('the audit trail receives the records of the calls and items of all functions through the forwarder', () => {
    expect(packaged.resources.get('AuditSubscription')?.Properties).toEqual({
      LogGroupName: { Ref: 'FunctionsLogGroup' },
      FilterPattern:
        '{ ($.message = "call") || ($.message = "item") || (($.type = "platform.report") && ($.record.status = "error")) || (($.type = "platform.report") && ($.record.status = "failure")) || (($.type = "platform.report") && ($.record.status = "timeout")) }',
      DestinationArn: { 'Fn::GetAtt': ['ForwardAuditLambdaFunction', 'Arn'] },
    });
    expect(resolveReferences(packaged.resources.get('AuditPermission')?.Properties, place)).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: '111111111111',
      SourceArn: 'arn:aws:logs:us-east-1:111111111111:log-group:/kms-functions/dev:*',
    });
    const { Variables } = packaged.resources.get('ForwardAuditLambdaFunction')?.Properties.Environment ?? {};
    expect(Variables).toMatchObject({
      AUDIT_LOG_GROUP: { Ref: 'AuditLogGroup' },
      FUNCTION_LOG_GROUP: '/kms-functions/dev',
      EVENT_BUS: 'default',
      ALARM_TOPIC_ARN: everything.alarmTopicArn,
      DESTRUCTIVE_OPERATIONS: 'DeleteImportedKeyMaterial,ScheduleKeyDeletion',
    });
  });

  test('the audit trail lets the forwarder append records, but not change or delete them', () => {
    const forwarder = statements('ForwardAuditRole');
    for (const action of ['logs:PutLogEvents', 'logs:CreateLogStream']) {
      expect(decide(forwarder, { action, resource: trail }), action).toBe('allowed');
    }
    for (const action of ['logs:DeleteLogStream', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'kms:Decrypt']) {
      expect(decide(forwarder, { action, resource: trail }), action).not.toBe('allowed');
    }
    const bus = 'arn:aws:events:us-east-1:111111111111:event-bus/';
    expect(decide(forwarder, { action: 'events:PutEvents', resource: `${bus}default` })).toBe('allowed');
    expect(decide(forwarder, { action: 'events:PutEvents', resource: `${bus}other` })).not.toBe('allowed');
  });

  test.for(allOperations.map(({ name }) => ({ name })))(
    'the audit trail does not allow writes by the function role: $name',
    ({ name }) => {
      for (const action of [
        'logs:PutLogEvents',
        'logs:CreateLogStream',
        'logs:DeleteLogStream',
        'logs:DeleteLogGroup',
      ]) {
        expect(decide(statements(`${name}Role`), { action, resource: trail }), action).not.toBe('allowed');
      }
    },
  );

  test.for(allOperations.map((operation) => ({ name: operation.name, operation })))(
    "a function role may write only to its own function's log streams: $name",
    ({ operation }) => {
      const role = statements(`${operation.name}Role`);
      const inStreamOf = (name: string) =>
        `${logs}:/kms-functions/dev:log-stream:2026/11/26/kms-functions-dev-${name}[$LATEST]${environmentId}`;
      expect(decide(role, { action: 'logs:PutLogEvents', resource: inStreamOf(functionName(operation)) })).toBe(
        'allowed',
      );
      expect(decide(role, { action: 'logs:CreateLogStream', resource: inStreamOf(functionName(operation)) })).toBe(
        'allowed',
      );
      for (const name of [...allOperations.map(functionName), `${functionName(operation)}Batch`, 'forwardAudit']) {
        if (name === functionName(operation)) continue;
        for (const action of ['logs:PutLogEvents', 'logs:CreateLogStream']) {
          expect(decide(role, { action, resource: inStreamOf(name) }), `${action} ${name}`).not.toBe('allowed');
        }
      }
    },
  );

  test("the forwarder cannot write to the functions' log streams", () => {
    const resource = `${logs}:/kms-functions/dev:log-stream:2026/11/26/kms-functions-dev-encrypt[$LATEST]${environmentId}`;
    const role = statements('ForwardAuditRole');
    expect(decide(role, { action: 'logs:PutLogEvents', resource })).not.toBe('allowed');
    expect(decide(role, { action: 'logs:FilterLogEvents', resource })).toBe('allowed');
  });
});

describe('the audit forwarder', () => {
  const packaged = usePackaged(everything);
  const find = (id: string) => packaged.resources.get(id);

  test('the audit forwarder has its own log group, so that its failures do not invoke it', () => {
    expect(find('ForwardAuditLambdaFunction')?.Properties.LoggingConfig).toEqual({
      LogFormat: 'JSON',
      LogGroup: '/kms-functions/dev/forwarder',
    });
    expect(find('ForwarderLogGroup')?.Properties.LogGroupName).toBe('/kms-functions/dev/forwarder');
  });

  test('the audit forwarder sends deliveries that it could not process to a queue, and its role allows this', () => {
    expect(find('AuditInvocation')?.Properties).toEqual({
      FunctionName: { Ref: 'ForwardAuditLambdaFunction' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['AuditFailuresQueue', 'Arn'] } } },
    });
    expect(listStatements(find('ForwardAuditRole'))).toContainEqual({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': ['AuditFailuresQueue', 'Arn'] },
    });
    expect(packaged.outputs).toHaveProperty('AuditFailuresQueueUrl');
  });

  test("the audit forwarder's role is a stack output, for the key policy of an encrypted alarm topic", () => {
    expect(packaged.outputs.ForwardAuditRoleArn).toMatchObject({
      Value: { 'Fn::GetAtt': ['ForwardAuditRole', 'Arn'] },
    });
  });

  test('the audit forwarder has an alarm for failures, lost deliveries and rejected records', () => {
    const { Metrics, AlarmActions, Threshold } = find('AuditAlarm')?.Properties ?? {};
    const [total, ...terms] = Metrics;
    const watched = terms.map(({ Id, MetricStat: { Metric } }: { Id: string; MetricStat: { Metric: object } }) => {
      expect(total.Expression.split(' + ')).toContain(Id);
      return Metric;
    });
    const ofFunction = (MetricName: string) => ({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: 'kms-functions-dev-forwardAudit' }],
    });
    expect(watched).toEqual([
      ofFunction('Errors'),
      ofFunction('Throttles'),
      ofFunction('AsyncEventsDropped'),
      ofFunction('DestinationDeliveryFailures'),
      {
        Namespace: 'KmsFunctions',
        MetricName: 'RejectedRecords',
        Dimensions: [{ Name: 'service', Value: 'kms-functions-dev' }],
      },
    ]);
    expect({ AlarmActions, Threshold }).toEqual({ AlarmActions: [everything.alarmTopicArn], Threshold: 0 });
  });

  test('the audit forwarder may publish only to the alarm topic', () => {
    const role = resolveReferences(listStatements(find('ForwardAuditRole')), place);
    const topic = String(everything.alarmTopicArn);
    expect(decide(role, { action: 'sns:Publish', resource: topic })).toBe('allowed');
    expect(decide(role, { action: 'sns:Publish', resource: `${topic}-2` })).not.toBe('allowed');
  });

  test('the audit forwarder does not use FIPS endpoints, which CloudWatch Logs has only in some Regions', () => {
    const { Variables } = find('ForwardAuditLambdaFunction')?.Properties.Environment ?? {};
    expect(Variables).not.toHaveProperty('AWS_USE_FIPS_ENDPOINT');
    expect(Variables).toHaveProperty(variableNames.fips, 'true');
  });
});

describe('asynchronous invocation', () => {
  const packaged = usePackaged(everyOperation);

  test.for(allOperations.map((operation) => ({ name: operation.name, operation })))(
    'asynchronous invocation is retried only if a retry is safe: $name',
    ({ operation }) => {
      const config = packaged.resources.get(`${operation.name}AsyncInvocation`)?.Properties;
      if (operation.retrySafety === 'safe') expect(config).toBeUndefined();
      else {
        expect(config).toEqual({
          FunctionName: { Ref: `${operation.name}LambdaFunction` },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
        });
      }
    },
  );
});

describe('the parameter tracing', () => {
  const packaged = usePackaged(everything);

  test('the tracing parameter allows every function with active tracing to send traces', () => {
    const functions = filterByType(packaged.resources, 'AWS::Lambda::Function');
    expect(functions.length).toBe(allOperations.length + 2);
    for (const { Properties } of functions) {
      expect(Properties.TracingConfig, Properties.FunctionName).toEqual({ Mode: 'Active' });
      const role = resolveReferences(listStatements(packaged.resources.get(Properties.Role['Fn::GetAtt'][0])), place);
      for (const action of ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']) {
        expect(decide(role, { action, resource: '*' }), `${Properties.FunctionName} ${action}`).toBe('allowed');
      }
    }
  });
});
