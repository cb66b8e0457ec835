import { isPaged } from '../client/pages.ts';
import {
  functionName,
  isAwsOperation,
  isRequired,
  listErrors,
  memberNames,
  type Operation,
  referenceUrl,
} from '../shared/declaration/operation.ts';

/** Builds client/methods.ts, which contains a documented signature for each operation. */
export function clientMethods(operations: readonly Operation[]): string {
  return [
    '/** `npm run generate` writes this file from the declarations. */',
    "import type { CallOptions } from './calls/call-operation.ts';",
    "import type { InputFor, OutputFor } from './operation-types.ts';",
    "import type { Pages } from './pages.ts';",
    '',
    'export interface Methods {',
    ...operations.flatMap((operation) => writeMethod(operation, (output) => `Promise<${output}>`)),
    '}',
    '',
    'export interface Lists {',
    ...operations.filter(isPaged).flatMap((operation) => writeMethod(operation, (output) => `Pages<${output}>`)),
    '}',
    '',
  ].join('\n');
}

function writeMethod(operation: Operation, wrapResult: (output: string) => string): string[] {
  const name = functionName(operation);
  const errors = listErrors(operation);
  const mark = memberNames(operation).some((member) => isRequired(operation, member)) ? '' : '?';
  return [
    '  /**',
    `   * ${operation.summary}`,
    '   *',
    `   * Routes: ${formatList(operation.routes.map(({ method, path }) => `${method} ${path}`))}.`,
    ...(errors.length === 0 ? [] : [`   * Errors: ${formatList(errors)}.`]),
    ...(isAwsOperation(operation)
      ? [`   * @see {@link ${referenceUrl(operation)} ${operation.name} in the AWS KMS API Reference}`]
      : []),
    '   */',
    ...writeSignature(
      name,
      [`input${mark}: InputFor<'${name}'>`, 'options?: CallOptions'],
      wrapResult(`OutputFor<'${name}'>`),
    ),
  ];
}

function formatList(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}

const lineWidth = 120;

/** Writes a signature as the formatter does: on one line if the signature fits, or with one parameter per line. */
function writeSignature(name: string, parameters: readonly string[], result: string): string[] {
  const line = `  ${name}(${parameters.join(', ')}): ${result};`;
  if (line.length <= lineWidth) return [line];
  return [`  ${name}(`, ...parameters.map((parameter) => `    ${parameter},`), `  ): ${result};`];
}
