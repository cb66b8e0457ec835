import { folderName, referenceUrl } from '../../shared/declaration/operation.ts';
import type { NewOperation } from './request.ts';
import { behaviorFile, testFile } from './templates.ts';

/** Returns the remaining steps in the order in which the compiler and the tests report them. */
export function remainingSteps(operation: NewOperation): readonly string[] {
  return operation.isOwn ? ownSteps(operation) : awsSteps(operation);
}

function awsSteps(operation: NewOperation): readonly string[] {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  return [
    `${folder}/operation.ts: fill in summary, routes, input, output, sensitive, errors, permissions and example from ${referenceUrl(operation)}`,
    `${folder}/operation.ts: declare tenancy, crossAccount, requestQuota and retrySafety; also declare lifecycleEvent if the operation changes a key's lifecycle, and serviceTag if the operation creates or tags a key`,
    'emulator/core/key-states.ts: add a row with the key states that allow the operation',
    `${behaviorFile(operation)}: implement the operation`,
    'emulator/authorization/find-targets.ts: add a row for each permission that applies to a resource other than the key in KeyId, and for each permission that encrypts',
    'emulator/authorization/condition-keys.ts: add operation-specific condition keys, if any',
    'emulator/operations/grants/grant-rules.ts and grantOperations in shared/declaration/shapes.ts: add the operation if a grant can allow it',
    'scripts/emulator-operations-page.ts: describe differences from AWS KMS, if any',
    "test/parity/kms-facts.json: add the operation's row and shapes from AWS's service model",
    'test/support/key-calls.ts and test/support/key-state-table.ts: add rows if the operation uses a key',
    'test/emulator/operations/pagination.test.ts: add a row if the operation returns pages',
    'test/support/modeled-errors/: add a row for each error that some operations return differently',
    'run npm run generate and npx vitest run test/abuse/matrix.test.ts -u, and review the changes',
    ...finalSteps,
  ];
}

function ownSteps(operation: NewOperation): readonly string[] {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  return [
    `${folder}/operation.ts: fill in summary, routes, input, output, sensitive, errors and example, and put the response in example.output`,
    `${folder}/operation.ts: declare permissions (the KMS actions that the function calls), tenancy and retrySafety`,
    `${folder}/handler.ts: implement the operation, as in functions/service/health/handler.ts`,
    `${testFile(operation)}: test the operation`,
    `test/infra/roles.test.ts: add a row for ${operation.name} to actionsOf, with the KMS actions that its role allows`,
    'scripts/openapi/document.ts: describe the group if it is new',
    'docs/: document the operation in a guide',
    'run npm run generate, and review the changes',
    ...finalSteps,
  ];
}

const finalSteps = ['CHANGELOG.md: describe the operation for users', 'run npm test'];
