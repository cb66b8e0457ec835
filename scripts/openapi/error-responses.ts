import { STATUS_CODES } from 'node:http';
import { type ErrorCode, getCatalogueEntry } from '../../shared/declaration/error-catalogue.ts';
import { hasBody, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { createValidationError, KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { buildProblem } from '../../shared/http/problem.ts';
import type { Json } from './json-schema.ts';

/** Codes that every call may return, besides those that the AWS model lists for the operation. */
const codesOfEveryCall: readonly ErrorCode[] = [
  'AccessDeniedException',
  'CallerNotAllowedError',
  'InternalError',
  'KMSInternalException',
  'KmsUnreachableError',
  'NotAuthorizedException',
  'RouteNotFoundError',
  'SerializationException',
  'ServiceUnavailableException',
  'TagNotBoundError',
  'ThrottlingException',
  'TimeoutError',
  'UntrustedEventError',
  'ValidationException',
];
const codesOfBodies: readonly ErrorCode[] = ['PayloadTooLargeError', 'UnsupportedMediaTypeError'];

/** Statuses that API Gateway itself returns, as `{"message": "…"}`. */
const gatewayStatuses = [401, 403, 404, 429, 503];

/** Statuses whose responses have a Retry-After header. */
const retryAfterStatuses = [429, 503];

/** Builds the error responses of a route, by status. Responses that all routes share are references to components. */
export function buildErrorResponses(operation: Operation, route: Route): Json {
  const ofEveryRoute = [...codesOfEveryCall, ...(hasBody(route) ? codesOfBodies : [])];
  const shared = groupByStatus(ofEveryRoute);
  const byStatus = groupByStatus([...ofEveryRoute, ...(operation.errors as ErrorCode[])]);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes]) => [
      status,
      shared[status]?.join() === codes.join()
        ? { $ref: `#/components/responses/${responseName(status)}` }
        : buildErrorResponse(Number(status), codes),
    ]),
  );
}

/** Builds the error responses that routes share, by name. */
export function buildSharedResponses(): Json {
  return Object.fromEntries(
    Object.entries(groupByStatus([...codesOfEveryCall, ...codesOfBodies])).map(([status, codes]) => [
      responseName(status),
      buildErrorResponse(Number(status), codes),
    ]),
  );
}

/** Builds an example for each error code of these operations. It calls the code that the functions use. */
export function buildProblemExamples(operations: readonly Operation[]): Json {
  const codes = [...codesOfEveryCall, ...codesOfBodies, ...operations.flatMap(({ errors }) => errors as ErrorCode[])];
  return Object.fromEntries(
    [...new Set(codes)].sort().map((code) => {
      const error =
        code === 'ValidationException'
          ? createValidationError([{ pointer: '/Limit', detail: 'must be at most 1000' }])
          : new KmsFunctionsError(code);
      return [code, { summary: error.entry.title, value: JSON.parse(buildProblem(error, 'example-request-id').body) }];
    }),
  );
}

/** Groups sorted codes by status. API Gateway statuses are present even if they have no codes. */
function groupByStatus(codes: readonly ErrorCode[]): Record<string, ErrorCode[]> {
  const byStatus: Record<string, ErrorCode[]> = Object.fromEntries(gatewayStatuses.map((status) => [status, []]));
  for (const code of [...new Set(codes)].sort()) {
    const { status } = getCatalogueEntry(code);
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return byStatus;
}

/** Returns the name of a shared response: `429` → `TooManyRequests`. */
function responseName(status: string): string {
  return (STATUS_CODES[status] ?? status).replaceAll(/[^A-Za-z]/g, '');
}

function buildErrorResponse(status: number, codes: readonly ErrorCode[]): Json {
  const isOfGateway = gatewayStatuses.includes(status);
  const list = [
    ...codes.map((code) => `- \`${code}\`: ${getCatalogueEntry(code).title}.`),
    ...(isOfGateway ? ['- `{"message": "…"}`: from API Gateway.'] : []),
  ];
  return {
    description: [`${STATUS_CODES[status]}.`, '', ...list].join('\n'),
    ...(retryAfterStatuses.includes(status)
      ? { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } }
      : {}),
    content: {
      ...(codes.length === 0 ? {} : { 'application/problem+json': buildProblemContent(status, codes) }),
      ...(isOfGateway
        ? {
            'application/json': {
              schema: { $ref: '#/components/schemas/GatewayError' },
              example: { message: STATUS_CODES[status] },
            },
          }
        : {}),
    },
  };
}

function buildProblemContent(status: number, codes: readonly ErrorCode[]): Json {
  return {
    schema: {
      allOf: [
        { $ref: '#/components/schemas/Problem' },
        { type: 'object', properties: { status: { const: status }, code: { enum: codes } } },
      ],
    },
    examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
  };
}
