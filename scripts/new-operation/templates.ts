import { folderName, functionName } from '../../shared/declaration/operation.ts';
import type { NewOperation } from './request.ts';

/** Returns a new operation's files, by path. The templates assume that the operation uses one key. */
export function operationFiles(operation: NewOperation): Map<string, string> {
  const folder = `functions/${operation.group}/${folderName(operation)}`;
  const files = new Map([
    [`${folder}/operation.ts`, operation.isOwn ? ownDeclaration(operation) : awsDeclaration(operation)],
    [`${folder}/handler.ts`, operation.isOwn ? ownHandler(operation) : awsHandler(operation)],
  ]);
  return operation.isOwn ? files : files.set(behaviorFile(operation), behavior(operation));
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
  return `import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { ${functionName(operation)} } from './operation.ts';

export const handler = createCustomHandler(${functionName(operation)}, async () => {
  throw new Error('${operation.name} is not implemented.');
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
