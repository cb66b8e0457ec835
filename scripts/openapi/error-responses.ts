import { STATUS_CODES } from 'node:http';
import { type ErrorCode, getCatalogueEntry } from '../../shared/declaration/error-catalogue.ts';
import { hasBody, listErrors, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { createValidationError, KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { buildProblem } from '../../shared/http/problem.ts';
import type { Json } from './json-schema.ts';

/** The codes that every call may return, in addition to the operation's own errors. */
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

/**
 * The statuses that API Gateway itself may return, with the body `{"message": "…"}`: 413 for a request above its quota
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html), and 500 if the function fails
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html).
 */
const gatewayStatuses = [401, 403, 404, 413, 429, 500, 503];

/** The statuses of responses with a Retry-After header, if the error is retryable. */
const retryAfterStatuses = [409, 429, 503];

/** Builds a route's error responses, by status. Responses that routes share are references to components. */
export function buildErrorResponses(operation: Operation, route: Route): Json {
  const ofEveryRoute = [...codesOfEveryCall, ...(hasBody(route) ? codesOfBodies : [])];
  const shared = groupByStatus(ofEveryRoute);
  const byStatus = groupByStatus([...ofEveryRoute, ...listErrors(operation)]);
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

/** Builds an example response for each error code. Uses the functions' code to build the response. */
export function buildProblemExamples(operations: readonly Operation[]): Json {
  const codes = [...codesOfEveryCall, ...codesOfBodies, ...operations.flatMap(listErrors)];
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

/** Sorts codes and groups them by status. Includes all API Gateway statuses, even statuses without codes. */
function groupByStatus(codes: readonly ErrorCode[]): Record<string, ErrorCode[]> {
  const byStatus: Record<string, ErrorCode[]> = Object.fromEntries(gatewayStatuses.map((status) => [status, []]));
  for (const code of [...new Set(codes)].sort()) {
    const { status } = getCatalogueEntry(code);
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return byStatus;
}

/** Converts a status to the name of its shared response: `429` to `TooManyRequests`. */
function responseName(status: string): string {
  return (STATUS_CODES[status] ?? status).replaceAll(/[^A-Za-z]/g, '');
}

function buildErrorResponse(status: number, codes: readonly ErrorCode[]): Json {
  const isOfGateway = gatewayStatuses.includes(status);
  const list = [
    ...codes.map((code) => `- \`${code}\`: ${getCatalogueEntry(code).title}.`),
    ...(isOfGateway ? ['- `{"message": "…"}`: an error from API Gateway itself.'] : []),
  ];
  return {
    description: [`${STATUS_CODES[status]}.`, '', ...list].join('\n'),
    ...(retryAfterStatuses.includes(status) && codes.some((code) => getCatalogueEntry(code).retryable)
      ? {
          headers: {
            'Retry-After': {
              description: 'The number of seconds to wait before the next attempt.',
              schema: { type: 'integer' },
            },
          },
        }
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
