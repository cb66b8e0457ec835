import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionLogGroupName } from '../deployment/log-groups.ts';
import { buildDenials } from './denials.ts';
import { buildIdempotencyStatements } from './idempotency-statements.ts';
import { buildLambdaRole } from './lambda-role.ts';
import { buildLogStatement } from './log-statement.ts';
import { buildLookupPermissions } from './lookup-permissions.ts';
import { buildStatement } from './permission-statement.ts';

/** Builds a function's role. It contains the permissions that the function's declaration and the parameters require. */
export function buildFunctionRole(operation: Operation, deployment: Deployment): object {
  const permissions = [...operation.permissions, ...buildLookupPermissions(operation, deployment)];
  const statements = [
    ...permissions.map((permission) => buildStatement(permission, deployment)),
    ...buildIdempotencyStatements(operation, deployment),
    ...buildDenials(operation, deployment),
    buildLogStatement(functionLogGroupName(deployment.stage), `${deployment.name}-${functionName(operation)}`),
  ];
  return buildLambdaRole(operation.name, 'operation', statements, deployment);
}
