import { describe, expect, test } from 'vitest';
import { awsOperations } from '../../../functions/all-operations.ts';
import { catchError, useEmulator } from '../../support/emulator.ts';
import { send } from '../../support/key-calls.ts';
import { isInKeyStateTable } from '../../support/key-state-table.ts';
import { modeledErrors } from '../../support/modeled-errors/all.ts';
import { impossibleRows, isImpossible } from '../../support/modeled-errors/impossible.ts';

const used = useEmulator({});

const nameRow = ({ operation, error }: { operation: string; error: string }) => `${operation} ${error}`;
const declared = awsOperations.flatMap(({ name, errors }) => errors.map((error) => ({ operation: name, error })));

// key-states.test.ts tests the errors that depend on the key state.
test("every error in an operation's AWS model has a row or a reason why the emulator cannot return it", () => {
  const rows = new Set(modeledErrors.map(nameRow));
  // A row may contain an error that is not in the model, because AWS returns some such errors.
  const missing = declared.filter(
    (row) =>
      !rows.has(nameRow(row)) &&
      !isImpossible(row.operation, row.error) &&
      !isInKeyStateTable(row.operation, row.error),
  );
  expect(missing).toEqual([]);
});

test('no error is listed both as returned by the emulator and as impossible', () => {
  expect(modeledErrors.filter(({ operation, error }) => isImpossible(operation, error))).toEqual([]);
});

test('every error that is listed as impossible is in the AWS model', () => {
  const names = declared.map(nameRow);
  expect(impossibleRows.map(nameRow).filter((name) => !names.includes(name))).toEqual([]);
});

const byOperation = Map.groupBy(modeledErrors, ({ operation }) => operation);

describe.for([...byOperation])('%s', ([operation, rows]) => {
  test.for(rows.map((row) => [row.error, row] as const))('the operation returns %s', async ([error, { arrange }]) => {
    const arranged = await arrange(used);
    const { client, input } =
      'input' in arranged ? (arranged as { client: typeof used.client; input: object }) : { ...used, input: arranged };
    expect((await catchError(send(client, operation, input as Record<string, unknown>))).name).toBe(error);
  });
});
