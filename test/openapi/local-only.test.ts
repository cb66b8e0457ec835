import { expect, test } from 'vitest';
import { buildServiceParts } from '../../infra/service.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';

const names = allOperations.map(functionName).sort();

/** Returns the functions in a stage with all operations. */
function listFunctions(stage: string): string[] {
  return Object.keys(buildServiceParts(deployment(everyOperation, stage)).functions).sort();
}

test('a deployed stage contains only the operations and the forwarder', () => {
  expect(listFunctions('dev')).toEqual([...names, 'forwardAudit'].sort());
});

test('stage local contains only the operations', () => {
  expect(listFunctions('local')).toEqual(names);
});
