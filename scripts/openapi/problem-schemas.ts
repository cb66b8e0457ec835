import type { Json } from './json-schema.ts';

/** Problem details (RFC 9457) with the members that the functions add. */
export const problemSchema: Json = {
  type: 'object',
  description: 'Problem details (RFC 9457). The members never contain values from the request.',
  properties: {
    type: { type: 'string', format: 'uri', description: '`urn:kms-functions:error:` followed by the code.' },
    title: {
      type: 'string',
      description: 'The meaning of the code. Every problem with the same code has the same title.',
    },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'The cause of this occurrence.' },
    code: {
      type: 'string',
      description: 'The AWS error code, or an error code that this service defines. Programs should check this member.',
    },
    requestId: { type: 'string', description: "The request id, which identifies the request's log line." },
    retryable: {
      type: 'boolean',
      description:
        '`true` if the same request may succeed later. `false` if KMS may have executed the request and the request must not be repeated.',
    },
    errors: {
      type: 'array',
      description: 'All errors in the input. Present only if the code is `ValidationException`.',
      items: {
        type: 'object',
        properties: {
          pointer: {
            type: 'string',
            format: 'json-pointer',
            description: 'A JSON Pointer (RFC 6901) to the invalid member, which may be in the path, query or body.',
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
  description:
    'An error from API Gateway itself. API Gateway returns this error if it rejects a request or if a function fails.',
  properties: { message: { type: 'string' } },
  required: ['message'],
};
