import { isPaged } from '../client/pages.ts';
import {
  functionName,
  isAwsOperation,
  isRequired,
  memberNames,
  type Operation,
  referenceUrl,
} from '../shared/declaration/operation.ts';

/** client/methods.ts: a signature for each operation, with what an editor shows of it. */
export function clientMethods(operations: readonly Operation[]): string {
  return [
    '/** Written by `npm run generate` from the declarations. */',
    "import type { CallOptions } from './calls/call-operation.ts';",
    "import type { InputFor, OutputFor } from './operation-types.ts';",
    "import type { Pages } from './pages.ts';",
    '',
    'export interface Methods {',
    ...operations.flatMap((operation) => methodOf(operation, (output) => `Promise<${output}>`)),
    '}',
    '',
    'export interface Lists {',
    ...operations.filter(isPaged).flatMap((operation) => methodOf(operation, (output) => `Pages<${output}>`)),
    '}',
    '',
  ].join('\n');
}

function methodOf(operation: Operation, resultOf: (output: string) => string): string[] {
  const name = functionName(operation);
  const mark = memberNames(operation).some((member) => isRequired(operation, member)) ? '' : '?';
  return [
    '  /**',
    `   * ${operation.summary}`,
    '   *',
    `   * Routes: ${listed(operation.routes.map(({ method, path }) => `${method} ${path}`))}.`,
    ...(operation.errors.length === 0 ? [] : [`   * Errors: ${listed(operation.errors)}.`]),
    ...(isAwsOperation(operation)
      ? [`   * @see {@link ${referenceUrl(operation)} ${operation.name} in the AWS KMS API Reference}`]
      : []),
    '   */',
    ...signature(
      name,
      [`input${mark}: InputFor<'${name}'>`, 'options?: CallOptions'],
      resultOf(`OutputFor<'${name}'>`),
    ),
  ];
}

function listed(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}

const lineWidth = 120;

/** On one line where that is long enough, as the formatter has it. */
function signature(name: string, parameters: readonly string[], result: string): string[] {
  const line = `  ${name}(${parameters.join(', ')}): ${result};`;
  if (line.length <= lineWidth) return [line];
  return [`  ${name}(`, ...parameters.map((parameter) => `    ${parameter},`), `  ): ${result};`];
}
