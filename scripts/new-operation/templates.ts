import { folderName, functionName } from '../../shared/declaration/operation.ts';
import type { NewOperation } from './request.ts';

/** Returns a new operation's files, by path. The templates assume that the operation uses one key. */
export function operationFiles(operation: NewOperation): Map<string, string> {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  const files = new Map([
    [`${folder}/operation.ts`, operation.isOwn ? ownDeclaration(operation) : awsDeclaration(operation)],
    [`${folder}/handler.ts`, operation.isOwn ? ownHandler(operation) : awsHandler(operation)],
  ]);
  return operation.isOwn
    ? files.set(testFile(operation), ownTest(operation))
    : files.set(behaviorFile(operation), behavior(operation));
}

/** Returns the path of the test of an operation that AWS KMS does not have. */
export function testFile(operation: NewOperation): string {
  return `test/functions/${operation.group}/${folderName(operation)}.test.ts`;
}

/** Returns the path of the file that implements an operation in the emulator. */
export function behaviorFile(operation: NewOperation): string {
  return `emulator/operations/${operation.group}/${folderName(operation)}.ts`;
}

// The template omits required members without a sensible default, such as tenancy. The compiler reports these members.
function awsDeclaration(operation: NewOperation): string {
  const { name, group } = operation;
  return `import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const ${functionName(operation)} = defineOperation({
  name: '${name}',
  group: '${group}',
  summary: '',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/${folderName(operation)}', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [],
  permissions: [{ action: 'kms:${name}', resource: 'key' }],
  example: { input: { KeyId: 'alias/example' } },
});
`;
}

function ownDeclaration(operation: NewOperation): string {
  const { name, group } = operation;
  return `import * as z from 'zod/mini';
import { defineOwnOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const ${functionName(operation)} = defineOwnOperation({
  name: '${name}',
  isOwn: true,
  group: '${group}',
  summary: '',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/${folderName(operation)}', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [],
  example: { input: { KeyId: 'alias/example' }, output: {} },
});
`;
}

function awsHandler(operation: NewOperation): string {
  const { name } = operation;
  return `import { ${name}Command } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { ${functionName(operation)} } from './operation.ts';

export const handler = createHandler(${functionName(operation)}, ${name}Command);
`;
}

function ownHandler(operation: NewOperation): string {
  return `import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { ${functionName(operation)} } from './operation.ts';

// Replace the body with the calls that the operation needs. functions/service/health/handler.ts is an example.
export const handler = createCustomHandler(${functionName(operation)}, async (call) => {
  await send(call, DescribeKeyCommand);
  throw new Error('${operation.name} is not implemented.');
});
`;
}

function ownTest(operation: NewOperation): string {
  const { group } = operation;
  const declaration = functionName(operation);
  return `import { beforeAll, expect, test } from 'vitest';
import { ${declaration} } from '../../../functions/${group}/${folderName(operation)}/operation.ts';
import { useEmulator } from '../../support/emulator.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';

const kms = useEmulator();

beforeAll(() => setLocalEnvironment(kms.emulator.endpoint));

test('returns the response in its example', async () => {
  const handler = await loadHandler(${declaration});
  expect(await handler(${declaration}.example.input, createContext())).toEqual(${declaration}.example.output);
});
`;
}

function behavior(operation: NewOperation): string {
  const { name, group } = operation;
  return `import type { ${functionName(operation)} as operation } from '../../../functions/${group}/${folderName(operation)}/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';

export const ${functionName(operation)}: OperationHandler<typeof operation> = () => {
  throw new Error('${name} is not implemented.');
};
`;
}
