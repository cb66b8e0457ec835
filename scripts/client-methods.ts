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
    "import type { InputFor, OutputFor, PlaintextInputFor, PlaintextOutputFor } from './operation-types.ts';",
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
  const mark = memberNames(operation).some((member) => isRequired(operation, member)) ? '' : '?';
  // The first overload that accepts the request determines the type of the response.
  const prefixes = memberNames(operation).includes('Recipient') ? ['Plaintext', ''] : [''];
  return prefixes.flatMap((prefix) => [
    ...writeComment(operation),
    ...writeSignature(
      name,
      [`input${mark}: ${prefix}InputFor<'${name}'>`, 'options?: CallOptions'],
      wrapResult(`${prefix}OutputFor<'${name}'>`),
    ),
  ]);
}

function writeComment(operation: Operation): string[] {
  const errors = listErrors(operation);
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
