import type { OperationName } from '../../functions/all-operations.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { roleId } from '../deployment/logical-ids.ts';

/**
 * The operations whose role callers must know. A grant must name the role of RetireGrant as its retiring principal
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html).
 */
const operationsWithOutput: ReadonlySet<string> = new Set<OperationName>(['RetireGrant']);

/** Builds the stack outputs that contain the ARNs of roles. */
export function buildRoleOutputs(operations: readonly Operation[]): Record<string, object> {
  return Object.fromEntries(
    operations
      .filter(({ name }) => operationsWithOutput.has(name))
      .map((operation) => [
        `${roleId(operation)}Arn`,
        {
          Description: `The role of ${operation.name}. Name it as RetiringPrincipal in grants that the service retires.`,
          Value: { 'Fn::GetAtt': [roleId(operation), 'Arn'] },
        },
      ]),
  );
}
