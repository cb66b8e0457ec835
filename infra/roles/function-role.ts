import { functionName, isAwsOperation, type Operation, type Permission } from '../../shared/declaration/operation.ts';
import { getDeletionGuardDays } from '../deployment/deletion-guard.ts';
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
  const declared = [...operation.permissions, ...selectGuardPermissions(operation, deployment)];
  const permissions = [...declared, ...buildLookupPermissions(operation, declared, deployment)];
  const statements = [
    ...permissions.map((permission) => buildStatement(permission, deployment)),
    ...buildIdempotencyStatements(operation, deployment),
    ...buildDenials(operation, deployment),
    buildLogStatement(functionLogGroupName(deployment.stage), `${deployment.name}-${functionName(operation)}`),
  ];
  return buildLambdaRole(operation.name, 'operation', statements, deployment);
}

function selectGuardPermissions(operation: Operation, deployment: Deployment): readonly Permission[] {
  const isGuarded = isAwsOperation(operation) && getDeletionGuardDays(deployment) > 0;
  return (isGuarded ? operation.guardPermissions : undefined) ?? [];
}
