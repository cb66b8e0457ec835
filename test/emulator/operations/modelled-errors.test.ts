import { describe, expect, test } from 'vitest';
import { errorOf, useEmulator } from '../../support/emulator.ts';
import { send } from '../../support/key-calls.ts';
import { modelledErrors } from '../../support/modelled-errors/all.ts';
import { everyOperation, impossibleErrors } from '../../support/modelled-errors/impossible.ts';
import type { ModelledError } from '../../support/modelled-errors/rows.ts';
import { operations } from '../../support/operations.ts';

const used = useEmulator({});

const nameOf = (operation: string, error: string) => `${operation} ${error}`;
const declared = operations.flatMap(({ name, errors }) => errors.map((error) => nameOf(name, error)));
const impossible = impossibleErrors.flatMap(([error, names]) =>
  names === everyOperation
    ? declared.filter((name) => name.endsWith(` ${error}`))
    : names.split(' ').map((name) => nameOf(name, error)),
);

test('every error that AWS models for an operation has a row, or a reason why it cannot come', () => {
  const rows = modelledErrors.map(({ operation, error }) => nameOf(operation, error));
  // More than AWS models is no harm: its model leaves out some that it answers.
  const missing = declared.filter((name) => !rows.includes(name) && !impossible.includes(name));
  expect(missing).toEqual([]);
});

test('no error is both told to come and told not to', () => {
  const rows = new Set(modelledErrors.map(({ operation, error }) => nameOf(operation, error)));
  expect(impossible.filter((name) => rows.has(name))).toEqual([]);
  expect(impossible.filter((name) => !declared.includes(name))).toEqual([]);
});

const byOperation = Map.groupBy(modelledErrors, ({ operation }) => operation);

describe.for([...byOperation])('%s', ([operation, rows]: [string, readonly ModelledError[]]) => {
  test.for(rows.map((row) => [row.error, row] as const))('%s', async ([error, { arrange }]) => {
    const arranged = await arrange(used);
    const { client, input } =
      'input' in arranged ? (arranged as { client: typeof used.client; input: object }) : { ...used, input: arranged };
    expect((await errorOf(send(client, operation, input as Record<string, unknown>))).name).toBe(error);
  });
});
