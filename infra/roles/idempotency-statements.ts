import type { Operation, Permission } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isIdempotent } from '../idempotency/function.ts';
import { idempotencyTableName } from '../idempotency/table.ts';
import { buildStatement } from './permission-statement.ts';
import type { Statement } from './statement.ts';

const describeKey: Permission = { action: 'kms:DescribeKey', resource: 'key' };

/** Builds the statements that let an idempotent function use its table and find a key by its tag. */
export function buildIdempotencyStatements(operation: Operation, deployment: Deployment): Statement[] {
  if (!isIdempotent(operation, deployment)) return [];
  return [
    {
      Effect: 'Allow',
      Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Resource: arn('dynamodb', `table/${idempotencyTableName(deployment)}`),
    },
    // The action does not support resource-level permissions
    // (https://docs.aws.amazon.com/service-authorization/latest/reference/list_resourcegroupstaggingapi.html).
    { Effect: 'Allow', Action: 'tag:GetResources', Resource: '*' },
    buildStatement(describeKey, deployment),
  ];
}
