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

/** Long runs in full: `npm run soak`. */
export const isSoak = process.env.SOAK !== undefined && process.env.SOAK !== '';

/** One operation of each group, where there is a choice one that changes something. */
export function onePerGroup(): Operation[] {
  const groups = new Map<string, Operation>();
  for (const operation of operations) {
    const changes = operation.example.seed !== undefined;
    if (!groups.has(operation.group) || changes) groups.set(operation.group, operation);
  }
  return [...groups.values()];
}
