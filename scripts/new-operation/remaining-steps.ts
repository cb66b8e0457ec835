import { folderName, referenceUrl } from '../../shared/declaration/operation.ts';
import type { NewOperation } from './request.ts';
import { behaviorFile } from './templates.ts';

/** The steps that the scaffold leaves, in the order in which the compiler and the tests ask for them. */
export function remainingSteps(operation: NewOperation): readonly string[] {
  return operation.isOwn ? ownSteps(operation) : awsSteps(operation);
}

function awsSteps(operation: NewOperation): readonly string[] {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  return [
    `${folder}/operation.ts: fill in summary, routes, input, output, sensitive, errors, permissions and example from ${referenceUrl(operation)}`,
    `${folder}/operation.ts: declare tenancy, crossAccount, requestQuota and retrySafety; lifecycleEvent if it changes the life of a key, serviceTag if it creates or tags a key`,
    'emulator/core/key-states.ts: the row of the key states that allow it',
    `${behaviorFile(operation)}: implement it`,
    'emulator/authorization/find-targets.ts: a row for each permission that is not about the key in KeyId, or that encrypts',
    'emulator/authorization/condition-keys.ts: its condition keys, if it has any of its own',
    'emulator/operations/grants/grant-rules.ts and grantOperations in shared/declaration/shapes.ts: if a grant can allow it',
    'scripts/emulator-operations-page.ts: how the emulator differs from AWS KMS, if it does',
    "test/parity/kms-facts.json: its row and shapes, from AWS's service model",
    'test/support/key-calls.ts and test/support/key-state-table.ts: its rows, if it is called on a key',
    'test/emulator/operations/pagination.test.ts: its row, if it returns pages',
    'test/support/modelled-errors/: a row for each error that not all operations return in the same way',
    ...finalSteps,
  ];
}

function ownSteps(operation: NewOperation): readonly string[] {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  return [
    `${folder}/operation.ts: fill in summary, routes, input, output, sensitive, errors and example, with the response in example.output`,
    `${folder}/operation.ts: declare permissions (the KMS actions that the function calls), tenancy and retrySafety`,
    `${folder}/handler.ts: implement it`,
    `test/functions/${operation.group}/${folderName(operation)}.test.ts: test it`,
    `test/infra/roles.test.ts: the row of ${operation.name} in actionsOf, with the KMS actions of its role`,
    'scripts/openapi/document.ts: the description of its group, if the group is new',
    'docs/: describe it in a guide',
    ...finalSteps,
  ];
}

const finalSteps = [
  'run npm run generate, and npx vitest run -u test/abuse/matrix.test.ts; check what they changed',
  'CHANGELOG.md: a line for users',
  'run npm test',
];
