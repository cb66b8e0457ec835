import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { findOctetStream, type Operation } from '../../declaration/operation.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/**
 * Applies `@middy/http-json-body-parser` to HTTP events with a body. Skips all other events, because the parser rejects
 * events without a content type (415) or without a body (422).
 */
export function parseJsonBody(): ChainMiddleware {
  const parser = httpJsonBodyParser();
  return {
    before: (request) => {
      const { call } = request.internal;
      if (call.http?.body === undefined) return;
      removeParameters(request.event as { readonly headers: Record<string, string> });
      try {
        parser.before?.(request as Parameters<NonNullable<typeof parser.before>>[0]);
      } catch (error) {
        throw toBodyError(error, call.operation);
      }
      const { body } = request.event as { readonly body: unknown };
      if (!isObject(body)) throw new KmsFunctionsError('SerializationException', 'The body must be a JSON object.');
      call.json = body;
    },
  };
}

/**
 * Removes the parameters from the content type, because the parser rejects white space before the semicolon, which RFC
 * 9110 allows (https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.6). Changes the headers that `decodeBody` copied.
 */
function removeParameters({ headers }: { readonly headers: Record<string, string> }): void {
  const [type] = headers['content-type']?.split(';', 1) ?? [];
  if (type !== undefined) headers['content-type'] = type.trim();
}

/** Converts a parser error. Reads only the status, because the `cause` contains the raw body, which must not be logged. */
function toBodyError(error: unknown, operation: Operation): KmsFunctionsError {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 415) {
    const other = findOctetStream(operation) ? ' or application/octet-stream' : '';
    return new KmsFunctionsError(
      'UnsupportedMediaTypeError',
      `The content-type header must be application/json${other}.`,
    );
  }
  if (statusCode === 422) {
    return new KmsFunctionsError(
      'SerializationException',
      'The body is not valid JSON, or contains a forbidden name such as `__proto__`.',
    );
  }
  return new KmsFunctionsError('InternalError', undefined, { cause: error });
}
