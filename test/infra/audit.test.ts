import { describe, expect, test } from 'vitest';
import { everything } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { decide, listStatements } from '../support/policy.ts';
import { resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const trail = 'arn:aws:logs:us-east-1:111111111111:log-group:/kms-functions/dev/audit:log-stream:x';

describe('the audit trail', () => {
  const packaged = usePackaged(everything);
  const statements = (role: string) => resolveReferences(listStatements(packaged.resources.get(role)), place);

  test('is a separate log group that keeps records for auditRetentionDays', () => {
    expect(packaged.resources.get('AuditLogGroup')?.Properties).toMatchObject({
      LogGroupName: '/kms-functions/dev/audit',
      RetentionInDays: 731,
    });
  });

  test('receives the call records of all functions through the forwarder', () => {
    expect(packaged.resources.get('AuditSubscription')?.Properties).toEqual({
      LogGroupName: { Ref: 'FunctionsLogGroup' },
      FilterPattern: '{ $.message = "call" }',
      DestinationArn: { 'Fn::GetAtt': ['ForwardAuditLambdaFunction', 'Arn'] },
    });
    expect(resolveReferences(packaged.resources.get('AuditPermission')?.Properties, place)).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: '111111111111',
      SourceArn: 'arn:aws:logs:us-east-1:111111111111:log-group:/kms-functions/dev:*',
    });
    const { Variables } = packaged.resources.get('ForwardAuditLambdaFunction')?.Properties.Environment ?? {};
    expect(Variables).toMatchObject({ AUDIT_LOG_GROUP: '/kms-functions/dev/audit', EVENT_BUS: 'default' });
  });

  test('lets the forwarder append records, but not change or delete them', () => {
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
    'does not allow writes by the function role: $name',
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
});
