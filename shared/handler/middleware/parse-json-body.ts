import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/**
 * Applies `@middy/http-json-body-parser` to HTTP events with a body. The parser fails on every other event: 415 without a
 * content type, 422 without a body.
 */
export function parseJsonBody(): ChainMiddleware {
  const parser = httpJsonBodyParser();
  return {
    before: (request) => {
      const { call } = request.internal;
      if (call.http?.body === undefined) return;
      try {
        parser.before?.(request as Parameters<NonNullable<typeof parser.before>>[0]);
      } catch (error) {
        throw toBodyError(error);
      }
      const { body } = request.event as { readonly body: unknown };
      if (!isObject(body)) throw new KmsFunctionsError('SerializationException', 'The body must be a JSON object.');
      call.json = body;
    },
  };
}

/** Reads only the status of a parser error: its `cause` contains the raw body, which must not reach a log. */
function toBodyError(error: unknown): KmsFunctionsError {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 415)
    return new KmsFunctionsError('UnsupportedMediaTypeError', 'The content-type header must be application/json.');
  if (statusCode === 422) {
    return new KmsFunctionsError(
      'SerializationException',
      'The body is not valid JSON, or contains a forbidden name such as `__proto__`.',
    );
  }
  return new KmsFunctionsError('InternalError', undefined, { cause: error });
}
