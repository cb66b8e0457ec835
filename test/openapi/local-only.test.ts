import { expect, test } from 'vitest';
import { functions } from '../../serverless/service.ts';
import { functionName } from '../../shared/operation.ts';
import { operations } from '../support/operations.ts';

const names = operations.map(functionName).sort();

/** Of a stage, with all operations. */
async function functionsOf(stage: string): Promise<string[]> {
  const resolveVariable = async (address: string) => (address === 'sls:stage' ? stage : 'all');
  return Object.keys(await functions({ resolveVariable })).sort();
}

test('a deployed stage has the functions of operations, and no other', async () => {
  expect(await functionsOf('dev')).toEqual(names);
});

test('stage local has the documentation as well', async () => {
  expect(await functionsOf('local')).toEqual([...names, 'docs', 'openapi'].sort());
});
