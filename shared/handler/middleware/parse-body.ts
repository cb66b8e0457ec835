import httpJsonBodyParser from '@middy/http-json-body-parser';
import { decodeBase64 } from '../../declaration/base64.ts';
import { isObject } from '../../declaration/json-object.ts';
import { hasBody } from '../../declaration/operation.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import type { ChainMiddleware } from '../call.ts';

/** Above the largest request that KMS takes (an attestation document of 262,144 bytes in base64). */
const maxBodyBytes = 1024 * 1024;

/** Parses the JSON body of an HTTP event into `call.json`. A direct event, or a request without a body, passes. */
export function parseBody(): ChainMiddleware {
  const parser = httpJsonBodyParser();
  return {
    before: ({ internal: { call } }) => {
      const { http, route } = call;
      if (http?.body === undefined || route === undefined) return;
      if (!hasBody(route)) throw new KmsFunctionsError('SerializationException', 'This route takes no body.');
      const body = textOf(http.body, http.isBase64Encoded);
      const event = {
        headers: { 'content-type': http.headers.get('content-type') ?? '' },
        body,
        isBase64Encoded: false,
      };
      try {
        parser.before?.({ event } as never);
      } catch (error) {
        throw readable(error);
      }
      if (!isObject(event.body))
        throw new KmsFunctionsError('SerializationException', 'The body must be a JSON object.');
      call.json = event.body as Record<string, unknown>;
    },
  };
}

function textOf(body: string, isBase64Encoded: boolean): string {
  if (body.length > (isBase64Encoded ? (maxBodyBytes / 3) * 4 : maxBodyBytes)) {
    throw new KmsFunctionsError('PayloadTooLargeError', `A body has at most ${maxBodyBytes} bytes.`);
  }
  if (!isBase64Encoded) return body;
  const bytes = decodeBase64(body);
  if (bytes === undefined) throw new KmsFunctionsError('SerializationException', 'The body is not base64.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new KmsFunctionsError('SerializationException', 'The body is not UTF-8.');
  }
}

/** The parser's errors carry the raw body in their cause: only their status is read. */
function readable(error: unknown): KmsFunctionsError {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 415)
    return new KmsFunctionsError('UnsupportedMediaTypeError', 'Send content-type: application/json.');
  if (statusCode === 422) {
    return new KmsFunctionsError('SerializationException', 'The body is not JSON, or has a name that is not allowed.');
  }
  return new KmsFunctionsError('InternalError', undefined, { cause: error });
}
