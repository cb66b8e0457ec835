import type { ChainMiddleware } from '../../call/chain.ts';
import { decodeBase64 } from '../../declaration/base64.ts';
import { getMaxRequestBytes, hasBody } from '../../declaration/operation.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/**
 * Decodes an HTTP event's body to text, and converts the header names to lower case. Copies the event, because a caller
 * in the same process may send the original event again.
 */
export function decodeBody(): ChainMiddleware {
  return {
    before: (request) => {
      const { http, route, operation } = request.internal.call;
      if (http?.body === undefined || route === undefined) return;
      if (!hasBody(route)) throw new KmsFunctionsError('SerializationException', 'This route does not accept a body.');
      request.event = {
        ...(request.event as object),
        headers: Object.fromEntries(http.headers),
        body: decodeText(http.body, http.isBase64Encoded, getMaxRequestBytes(operation)),
        isBase64Encoded: false,
      };
    },
  };
}

function decodeText(body: string, isBase64Encoded: boolean, maxBytes: number): string {
  if (body.length > (isBase64Encoded ? (maxBytes / 3) * 4 : maxBytes)) {
    throw new KmsFunctionsError('PayloadTooLargeError', `The body must not exceed ${maxBytes} bytes.`);
  }
  if (!isBase64Encoded) return body;
  const bytes = decodeBase64(body);
  if (bytes === undefined) throw new KmsFunctionsError('SerializationException', 'The body is not valid base64.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new KmsFunctionsError('SerializationException', 'The body is not valid UTF-8.');
  }
}
