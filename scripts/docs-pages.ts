import { catalogue, type ErrorCode, getCatalogueEntry } from '../shared/declaration/error-catalogue.ts';
import { functionName, groups, isAwsOperation, type Operation, referenceUrl } from '../shared/declaration/operation.ts';

/** Builds docs/reference/errors.md, which documents every error code that the functions return. */
export function errorsPage(): string {
  const codes = (Object.keys(catalogue) as ErrorCode[]).sort();
  return [
    '# Errors',
    '',
    'Over HTTP, an error response is a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`) with these members:',
    '',
    '- `type`, `title`, `status` and `detail`: the members that RFC 9457 defines;',
    '- `code`: the KMS error code, or an error code that this service defines;',
    '- `requestId`: the request id, which identifies the log line;',
    '- `retryable`: `true` if the same request can succeed later. If an operation must not be repeated, `retryable` is `false` for a 5xx error, because KMS may have executed the request. In that case, `detail` explains how to find out;',
    '- `errors` (only for invalid input): all problems, each with a `pointer` to the invalid member and a `detail`.',
    '',
    "On direct invocation, the function throws the error. The error's name is the code, and its message begins with the code.",
    'Errors never contain values from the request.',
    '',
    'The table shows the value of `retryable` for operations that can be repeated.',
    '',
    'API Gateway itself can return 401, 403, 404, 413, 429, 500 or 503. In that case, the response body is `{"message": "…"}`, not a problem document.',
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

/** Builds docs/reference/operations.md, which lists every operation with its function and routes. */
export function operationsPage(operations: readonly Operation[]): string {
  const present = groups.filter((group) => operations.some((operation) => operation.group === group));
  return [
    '# Operations',
    '',
    'Each name links to the AWS API reference, which documents members, limits and responses. If a route contains a member, send the member in the',
    'path. Send all other members in the query string of a `GET` or `DELETE` request, or in the body of a `POST` or `PUT` request. In a path, write',
    'each `/` in a key identifier as `.`.',
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
