import type { Operation } from '../../shared/declaration/operation.ts';
import { arn } from '../arn.ts';
import type { Deployment } from '../deployment.ts';
import { functionLogGroupName } from '../log-groups.ts';
import { denialsOf } from './denials.ts';
import { lambdaRole } from './lambda-role.ts';
import { lookUpPermissions } from './look-up.ts';
import { statementOf } from './permission-statement.ts';
import type { Statement } from './statement.ts';

/** Logical id of an operation's role. */
export function roleName(operation: Pick<Operation, 'name'>): string {
  return `${operation.name}Role`;
}

/** What a function may do: what its declaration says, within the fence, and write to the shared log group. */
export function functionRole(operation: Operation, deployment: Deployment): object {
  return lambdaRole(operation.name, 'operation', statementsOf(operation, deployment), deployment);
}

function statementsOf(operation: Operation, deployment: Deployment): Statement[] {
  return [
    ...operation.permissions.map((permission) => statementOf(permission, deployment)),
    ...lookUpPermissions(operation, deployment).map((permission) => statementOf(permission, deployment)),
    ...denialsOf(operation, deployment),
    logStatement(deployment),
    ...(deployment.parameters.tracing ? [traceStatement] : []),
  ];
}

function logStatement({ stage }: Deployment): Statement {
  return {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arn('logs', `log-group:${functionLogGroupName(stage)}:*`),
  };
}

/** Neither action takes a resource. */
const traceStatement: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  Resource: '*',
};
