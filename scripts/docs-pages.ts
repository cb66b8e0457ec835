import { catalogue, type ErrorCode, getCatalogueEntry } from '../shared/declaration/error-catalogue.ts';
import { functionName, groups, isAwsOperation, type Operation, referenceUrl } from '../shared/declaration/operation.ts';

/** Writes docs/reference/errors.md: every error code of the functions. */
export function errorsPage(): string {
  const codes = (Object.keys(catalogue) as ErrorCode[]).sort();
  return [
    '# Errors',
    '',
    'Over HTTP, an error is a problem ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`) with these members:',
    '',
    '- `type`, `title`, `status` and `detail`, as in RFC 9457;',
    '- `code`: the error code, the one of AWS if KMS has one;',
    '- `requestId`: the id of the request in the log;',
    '- `retryable`: whether the same request can succeed later;',
    '- `errors`, for invalid input: everything that is wrong, each with a `pointer` into the request and a `detail`.',
    '',
    'On direct invocation, the function throws the error. Its name is the code, and its message begins with the code.',
    'No error repeats a value of the request.',
    '',
    'API Gateway responds by itself with 401, 403, 404, 429 or 503. Such a response is not a problem but `{"message": "…"}`.',
    '',
    '| code | status | meaning | retryable |',
    '| --- | --- | --- | --- |',
    ...codes.map(errorRow),
    '',
  ].join('\n');
}

function errorRow(code: ErrorCode): string {
  const { status, title, retryable } = getCatalogueEntry(code);
  return `| \`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} |`;
}

/** Writes docs/reference/operations.md: every operation with its function and routes. */
export function operationsPage(operations: readonly Operation[]): string {
  const present = groups.filter((group) => operations.some((operation) => operation.group === group));
  return [
    '# Operations',
    '',
    'The AWS reference behind each name documents members, limits and responses. A member is in the path if the route names it, in the',
    'query of a `GET` or `DELETE`, or in the body of a `POST` or `PUT`. In a path, write each `/` of a key as `.`.',
    '',
    ...present.flatMap((group) => [
      `## ${group}`,
      '',
      '| operation | function | routes | summary |',
      '| --- | --- | --- | --- |',
      ...operations.filter((operation) => operation.group === group).map(operationRow),
      '',
    ]),
  ].join('\n');
}

function operationRow(operation: Operation): string {
  const routes = operation.routes.map(({ method, path }) => `\`${method} ${path}\``).join('<br>');
  const name = isAwsOperation(operation) ? `[${operation.name}](${referenceUrl(operation)})` : operation.name;
  return `| ${name} | \`${functionName(operation)}\` | ${routes} | ${operation.summary} |`;
}
