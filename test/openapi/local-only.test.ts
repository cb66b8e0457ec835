import { expect, test } from 'vitest';
import { buildServiceParts } from '../../infra/service.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';

const names = allOperations.map(functionName).sort();

/** Of a stage, with all operations. */
function functionsOf(stage: string): string[] {
  return Object.keys(buildServiceParts(deployment(everyOperation, stage)).functions).sort();
}

test('a deployed stage has the functions of operations and what carries the audit trail, and no other', () => {
  expect(functionsOf('dev')).toEqual([...names, 'forwardAudit'].sort());
});

test('stage local has the documentation as well', () => {
  expect(functionsOf('local')).toEqual([...names, 'docs', 'openapi'].sort());
});
