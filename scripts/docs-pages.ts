import { catalogue, type ErrorCode, getCatalogueEntry } from '../shared/declaration/error-catalogue.ts';
import { functionName, groups, isAwsOperation, type Operation, referenceUrl } from '../shared/declaration/operation.ts';

/** Returns docs/reference/errors.md, which lists every error code that the functions return. */
export function errorsPage(): string {
  const codes = (Object.keys(catalogue) as ErrorCode[]).sort();
  return [
    '# Errors',
    '',
    'Over HTTP, an error is a problem ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), `application/problem+json`) with these members:',
    '',
    '- `type`, `title`, `status` and `detail`, as in RFC 9457;',
    '- `code`: the error code, which is the KMS error code if there is one;',
    '- `requestId`: the request id in the log;',
    '- `retryable`: whether the same request can succeed later;',
    '- `errors`, for invalid input: every problem, each with a `pointer` into the request and a `detail`.',
    '',
    'On direct invocation, the function throws the error. Its name is the code, and its message begins with the code.',
    'No error repeats a request value.',
    '',
    'API Gateway itself can respond with 401, 403, 404, 429 or 503. The body is then `{"message": "…"}` instead of a problem.',
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

/** Returns docs/reference/operations.md, which lists every operation with its function and routes. */
export function operationsPage(operations: readonly Operation[]): string {
  const present = groups.filter((group) => operations.some((operation) => operation.group === group));
  return [
    '# Operations',
    '',
    'Each name links to the AWS reference, which documents members, limits and responses. If the route names a member, it is in the path.',
    'Otherwise it is in the query of a `GET` or `DELETE`, or in the body of a `POST` or `PUT`. In a path, write each `/` in a key as `.`.',
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
