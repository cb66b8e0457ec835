import type { Operation } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionLogGroupName } from '../deployment/log-groups.ts';
import { buildDenials } from './denials.ts';
import { buildLambdaRole } from './lambda-role.ts';
import { buildLookupPermissions } from './lookup-permissions.ts';
import { buildStatement } from './permission-statement.ts';
import type { Statement } from './statement.ts';

/** Builds a function's role. It contains the permissions that the function's declaration and the parameters require. */
export function buildFunctionRole(operation: Operation, deployment: Deployment): object {
  const permissions = [...operation.permissions, ...buildLookupPermissions(operation, deployment)];
  const statements = [
    ...permissions.map((permission) => buildStatement(permission, deployment)),
    ...buildDenials(operation, deployment),
    buildLogStatement(deployment),
    ...(deployment.parameters.tracing ? [traceStatement] : []),
  ];
  return buildLambdaRole(operation.name, 'operation', statements, deployment);
}

function buildLogStatement({ stage }: Deployment): Statement {
  return {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arn('logs', `log-group:${functionLogGroupName(stage)}:*`),
  };
}

/** Allows the function to send traces. Neither action supports resource-level permissions. */
const traceStatement: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  Resource: '*',
};
