import { awsOperations } from '../../functions/all-operations.ts';
import type { Operation, Route } from '../../shared/declaration/operation.ts';
import { isSoak } from './soak.ts';

export { allOperations } from '../../functions/all-operations.ts';
export { isSoak } from './soak.ts';

/** All AWS KMS operations. Test tables use this list, so that a new operation gets a row in each of them. */
export const operations: readonly Operation[] = awsOperations;

/** Test table rows for all operations. */
export const operationRows = operations.map((operation) => ({ name: operation.name, operation }));

/** Test table rows for all routes of all operations. */
export const routeRows: readonly { name: string; operation: Operation; route: Route }[] = operations.flatMap(
  (operation) =>
    operation.routes.map((route) => ({ name: `${operation.name} ${route.method} ${route.path}`, operation, route })),
);

/**
 * Test table rows for all operations in a full run, and for one operation in each group in other runs. Use them to test
 * code that is the same for all operations. test/functions/sdk-parity.test.ts calls every operation in every form.
 */
export const sampledRows = isSoak
  ? operationRows
  : onePerGroup().map((operation) => ({ name: operation.name, operation }));

/** Returns one operation in each group, preferably one that changes something. */
export function onePerGroup(): Operation[] {
  const groups = new Map<string, Operation>();
  for (const operation of operations) {
    const changes = operation.example.seed !== undefined;
    if (!groups.has(operation.group) || changes) groups.set(operation.group, operation);
  }
  return [...groups.values()];
}
