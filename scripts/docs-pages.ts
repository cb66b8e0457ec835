import { functionName, groups, isAwsOperation, type Operation, referenceUrl } from '../shared/declaration/operation.ts';
import { catalogue, type ErrorCode, entryOf } from '../shared/errors/catalogue.ts';

/** docs/reference/errors.md: every code that the functions answer. */
export function errorsPage(): string {
  const codes = (Object.keys(catalogue) as ErrorCode[]).sort();
  return [
    '# Errors',
    '',
    'Over HTTP an error is a problem ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`) with `type`, `title`, `status`,',
    '`detail`, `code`, `requestId`, `retryable`, and for bad input `errors`: all that is wrong, each with a `pointer` into the request and a `detail`.',
    'On direct invocation it is thrown: its name is the code, and its message begins with it.',
    '',
    'The codes are those of AWS where KMS has one. No error repeats a value of the request.',
    '',
    'What API Gateway answers by itself (401, 403, 404, 429, 503) is not a problem but `{"message": "…"}`.',
    '',
    ...codes.flatMap((code) => {
      const { status, title, retryable } = entryOf(code);
      return [`## ${code}`, '', `${status}. ${title}.${retryable ? ' The same request may succeed later.' : ''}`, ''];
    }),
  ].join('\n');
}

/** docs/reference/operations.md: every operation, with its ways in. */
export function operationsPage(operations: readonly Operation[]): string {
  const present = groups.filter((group) => operations.some((operation) => operation.group === group));
  return [
    '# Operations',
    '',
    'Members, limits and answers are those of the AWS reference behind each name. In a path, write each `/` of a key as `.`.',
    'A member stands in the path where the route names it, in the query of a `GET` or `DELETE`, and in the body of a `POST` or `PUT`.',
    '',
    ...present.flatMap((group) => [
      `## ${group}`,
      '',
      '| operation | function | routes | |',
      '| --- | --- | --- | --- |',
      ...operations.filter((operation) => operation.group === group).map(rowOf),
      '',
    ]),
  ].join('\n');
}

function rowOf(operation: Operation): string {
  const routes = operation.routes.map(({ method, path }) => `\`${method} ${path}\``).join('<br>');
  const name = isAwsOperation(operation) ? `[${operation.name}](${referenceUrl(operation)})` : operation.name;
  return `| ${name} | \`${functionName(operation)}\` | ${routes} | ${operation.summary} |`;
}
