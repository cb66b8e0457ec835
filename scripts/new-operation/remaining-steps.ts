import { folderName, referenceUrl } from '../../shared/declaration/operation.ts';
import type { NewOperation } from './request.ts';
import { behaviorFile } from './templates.ts';

/** Returns the steps that remain after scaffolding, in the order in which the compiler and the tests report them. */
export function remainingSteps(operation: NewOperation): readonly string[] {
  return operation.isOwn ? ownSteps(operation) : awsSteps(operation);
}

function awsSteps(operation: NewOperation): readonly string[] {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  return [
    `${folder}/operation.ts: fill in summary, routes, input, output, sensitive, errors, permissions and example from ${referenceUrl(operation)}`,
    `${folder}/operation.ts: declare tenancy, crossAccount, requestQuota and retrySafety; lifecycleEvent if it changes a key's lifecycle, serviceTag if it creates or tags a key`,
    'emulator/core/key-states.ts: add a row with the key states that allow it',
    `${behaviorFile(operation)}: implement it`,
    'emulator/authorization/find-targets.ts: add a row for each permission for a resource other than the key in KeyId, and for each permission that encrypts',
    'emulator/authorization/condition-keys.ts: add its operation-specific condition keys, if any',
    'emulator/operations/grants/grant-rules.ts and grantOperations in shared/declaration/shapes.ts: add the operation, if a grant can allow it',
    'scripts/emulator-operations-page.ts: describe differences from AWS KMS, if any',
    "test/parity/kms-facts.json: add its row and shapes, from AWS's service model",
    'test/support/key-calls.ts and test/support/key-state-table.ts: add its rows, if it is called on a key',
    'test/emulator/operations/pagination.test.ts: add its row, if it returns pages',
    'test/support/modelled-errors/: add a row for each error that not all operations return in the same way',
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
    `test/infra/roles.test.ts: add the row for ${operation.name} in actionsOf, with the KMS actions in its role`,
    'scripts/openapi/document.ts: describe its group, if the group is new',
    'docs/: document it in a guide',
    ...finalSteps,
  ];
}

const finalSteps = [
  'run npm run generate, and npx vitest run -u test/abuse/matrix.test.ts; review the changes',
  'CHANGELOG.md: add a line for users',
  'run npm test',
];
