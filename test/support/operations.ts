import { awsOperations } from '../../functions/all-operations.ts';
import type { Operation, Route } from '../../shared/declaration/operation.ts';

export { allOperations } from '../../functions/all-operations.ts';

/** Every operation of AWS KMS, so that a table of tests has a row for a new one. */
export const operations: readonly Operation[] = awsOperations;

/** Rows of a table over all operations. */
export const operationRows = operations.map((operation) => ({ name: operation.name, operation }));

/** Rows of a table over all routes of all operations. */
export const routeRows: readonly { name: string; operation: Operation; route: Route }[] = operations.flatMap(
  (operation) =>
    operation.routes.map((route) => ({ name: `${operation.name} ${route.method} ${route.path}`, operation, route })),
);

/** Whether this is a full run (`npm run soak`), without the shortcuts of `npm test`. */
export const isSoak = process.env.SOAK !== undefined && process.env.SOAK !== '';

/**
 * Rows of a table over all operations in a full run, and over one operation of each group otherwise: for tests of a path
 * that treats all operations alike. test/functions/sdk-parity.test.ts calls every operation in every form.
 */
export const sampledRows = isSoak
  ? operationRows
  : onePerGroup().map((operation) => ({ name: operation.name, operation }));

/** Returns one operation of each group, preferably one that changes something. */
export function onePerGroup(): Operation[] {
  const groups = new Map<string, Operation>();
  for (const operation of operations) {
    const changes = operation.example.seed !== undefined;
    if (!groups.has(operation.group) || changes) groups.set(operation.group, operation);
  }
  return [...groups.values()];
}
