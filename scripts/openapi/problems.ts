import { STATUS_CODES } from 'node:http';
import { type ErrorCode, getCatalogueEntry } from '../../shared/declaration/error-catalogue.ts';
import { hasBody, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { createValidationError, KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { buildProblem } from '../../shared/http/problem.ts';
import type { Json } from './json-schema.ts';

/** What any call may end with, whatever AWS's model says of the operation. */
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

/** What an HTTP API answers before or instead of a function, as `{"message": "…"}`. */
const gatewayStatuses = [401, 403, 404, 429, 503];

/** Statuses with the header Retry-After. */
const retryAfterStatuses = [429, 503];

/** The answers of a route that are not a success, by status. Those that all routes share are components. */
export function failuresOf(operation: Operation, route: Route): Json {
  const shared = sharedFailures(route);
  const byStatus = codesByStatus([...codesOfRoute(route), ...(operation.errors as ErrorCode[])]);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes]) => [
      status,
      shared[status]?.join() === codes.join()
        ? { $ref: `#/components/responses/${responseName(status)}` }
        : failure(Number(status), codes),
    ]),
  );
}

/** The responses that routes refer to, by name. */
export function sharedResponses(): Json {
  return Object.fromEntries(
    Object.entries(codesByStatus([...codesOfEveryCall, ...codesOfBodies])).map(([status, codes]) => [
      responseName(status),
      failure(Number(status), codes),
    ]),
  );
}

/** A problem of each code that these operations answer, as a function answers it. */
export function problemExamples(operations: readonly Operation[]): Json {
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

/** RFC 9457, with the members that every problem of the functions has. */
export const problemSchema: Json = {
  type: 'object',
  description: 'A problem (RFC 9457). No member repeats a value of the request.',
  properties: {
    type: { type: 'string', format: 'uri', description: '`urn:kms-functions:error:` and the code.' },
    title: { type: 'string', description: 'What the code means, the same for each problem of this code.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What happened this time.' },
    code: { type: 'string', description: "AWS's code, or one of the functions' own: what a program decides by." },
    requestId: { type: 'string', description: 'To find the call in the logs.' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later without any change.' },
    errors: {
      type: 'array',
      description: 'All that is wrong with the input, where the code is `ValidationException`.',
      items: {
        type: 'object',
        properties: {
          pointer: {
            type: 'string',
            format: 'json-pointer',
            description: 'Where in the request (RFC 6901), wherever the member stands on the route.',
          },
          detail: { type: 'string' },
        },
        required: ['pointer', 'detail'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId', 'retryable'],
};

export const gatewayErrorSchema: Json = {
  type: 'object',
  description: 'What API Gateway answers by itself, before or instead of a function.',
  properties: { message: { type: 'string' } },
  required: ['message'],
};

function codesOfRoute(route: Route): ErrorCode[] {
  return [...codesOfEveryCall, ...(hasBody(route) ? codesOfBodies : [])];
}

function sharedFailures(route: Route): Record<string, ErrorCode[]> {
  return codesByStatus(codesOfRoute(route));
}

/** Every status that a function or the gateway may answer, with the functions' codes, sorted. */
function codesByStatus(codes: readonly ErrorCode[]): Record<string, ErrorCode[]> {
  const byStatus: Record<string, ErrorCode[]> = Object.fromEntries(gatewayStatuses.map((status) => [status, []]));
  for (const code of [...new Set(codes)].sort()) {
    const { status } = getCatalogueEntry(code);
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return byStatus;
}

/** `429` → `TooManyRequests` */
function responseName(status: string): string {
  return (STATUS_CODES[status] ?? status).replaceAll(/[^A-Za-z]/g, '');
}

function failure(status: number, codes: readonly ErrorCode[]): Json {
  const isGateways = gatewayStatuses.includes(status);
  const list = [
    ...codes.map((code) => `- \`${code}\`: ${getCatalogueEntry(code).title}.`),
    ...(isGateways ? ['- `{"message": "…"}`: API Gateway itself.'] : []),
  ];
  return {
    description: [`${STATUS_CODES[status]}.`, '', ...list].join('\n'),
    ...(retryAfterStatuses.includes(status)
      ? { headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } }
      : {}),
    content: {
      ...(codes.length === 0 ? {} : { 'application/problem+json': problemContent(status, codes) }),
      ...(isGateways
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

function problemContent(status: number, codes: readonly ErrorCode[]): Json {
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
