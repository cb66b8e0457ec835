import type { Json } from './json-schema.ts';

/** Problem details (RFC 9457) with the members that the functions add. */
export const problemSchema: Json = {
  type: 'object',
  description: 'Problem details (RFC 9457). No member repeats a value of the request.',
  properties: {
    type: { type: 'string', format: 'uri', description: '`urn:kms-functions:error:` followed by the code.' },
    title: { type: 'string', description: 'The meaning of the code. It is the same for every problem with this code.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'The cause of this occurrence.' },
    code: {
      type: 'string',
      description: 'The AWS error code, or a code of this service. Programs should check this member.',
    },
    requestId: { type: 'string', description: 'The request id, which identifies the log record of the request.' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later.' },
    errors: {
      type: 'array',
      description: 'All errors of the input. Only present if the code is `ValidationException`.',
      items: {
        type: 'object',
        properties: {
          pointer: {
            type: 'string',
            format: 'json-pointer',
            description: 'JSON Pointer (RFC 6901) to the member, whether it was sent in the path, query or body.',
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
    'An error from API Gateway itself. It returns this without calling a function, or if the function fails.',
  properties: { message: { type: 'string' } },
  required: ['message'],
};
