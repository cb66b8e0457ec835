import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import { isObject } from '../declaration/json-object.ts';
import type { OctetStream, OwnOperation } from '../declaration/operation.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { type HttpResponse, securityHeaders } from '../http/http-response.ts';

/** The header with the members that are not in a body of bytes, as JSON in base64url (RFC 4648 §5). */
const parametersHeader = 'kms-parameters';
/**
 * API Gateway limits all headers of a message to 10,240 bytes
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). The rest is for other headers.
 */
const maxHeaderLength = 8_192;
const mediaType = 'application/octet-stream';

/**
 * Reads one member from a body of bytes (`application/octet-stream`), which takes a quarter less space than base64 in
 * JSON. All other members are in the header `Kms-Parameters`. API Gateway sends and accepts bytes as base64, so the member
 * needs no conversion.
 */
export function readOctetStream(operation: OwnOperation): ChainMiddleware {
  const { request, response } = getOctetStream(operation);
  return {
    before: ({ internal: { call } }) => {
      const { http, route } = call;
      if (http === undefined || route === undefined) return;
      const isBytes = readMediaType(http.headers.get('content-type')) === mediaType;
      if (isBytes) {
        rejectEncoding(http);
        call.json = readBody(http, request);
        call.http = { ...http, body: undefined };
      } else if (http.headers.has(parametersHeader))
        throw new KmsFunctionsError(
          'SerializationException',
          `The header Kms-Parameters is allowed only with the content type ${mediaType}.`,
        );
      if (wantsBytes(http, isBytes)) call.buildResponse = (status, result) => buildResponse(status, result, response);
    },
  };
}

/** Rejects a value that exceeds its limit with the sizes, so that the caller knows how much it can send. */
export function limitOctetStream(operation: OwnOperation): ChainMiddleware {
  const { request, maxBytes } = getOctetStream(operation);
  return { before: ({ internal: { call } }) => rejectTooLarge(call, request, maxBytes) };
}

function getOctetStream({ name, octetStream }: OwnOperation): OctetStream {
  if (octetStream === undefined) throw new TypeError(`${name} does not declare octetStream.`);
  return octetStream;
}

function readBody(http: HttpRequest, member: string): Record<string, unknown> {
  const { body = '', isBase64Encoded, headers } = http;
  // A gateway that does not encode bytes as base64 has already replaced some of them.
  if (body !== '' && !isBase64Encoded)
    throw new KmsFunctionsError('SerializationException', 'API Gateway must send a body of bytes as base64.');
  const parameters = parseParameters(headers.get(parametersHeader));
  if (Object.hasOwn(parameters, member))
    throw new KmsFunctionsError('SerializationException', `The header Kms-Parameters must not contain ${member}.`);
  return { ...parameters, [member]: body };
}

/**
 * Rejects compressed bodies (https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.16). The message would contain the
 * compressed bytes, but not the information that they are compressed.
 */
function rejectEncoding({ headers }: HttpRequest): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw new KmsFunctionsError(
    'UnsupportedMediaTypeError',
    'A body of bytes must not have a content-encoding header. To send compressed data, omit the header.',
  );
}

function parseParameters(header: string | undefined): Record<string, unknown> {
  if (header === undefined) return {};
  try {
    if (!/^[\w-]+={0,2}$/.test(header)) throw new SyntaxError();
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'base64url'));
    const parameters: unknown = JSON.parse(text);
    if (isObject(parameters)) return parameters;
  } catch {
    // The error below does not repeat the header, which may contain secrets.
  }
  throw new KmsFunctionsError(
    'SerializationException',
    'The header Kms-Parameters must be a JSON object in base64url.',
  );
}

/** Returns `true` if the caller accepts bytes by name, or sent bytes and does not ask for JSON by name. */
function wantsBytes({ headers }: HttpRequest, sentBytes: boolean): boolean {
  const accepted = (headers.get('accept') ?? '').split(',').map(readMediaType);
  return accepted.includes(mediaType) || (sentBytes && !accepted.includes('application/json'));
}

function readMediaType(header: string | undefined): string | undefined {
  return header?.replace(/;.*/s, '').trim().toLowerCase();
}

function buildResponse(statusCode: number, result: unknown, member: string): HttpResponse {
  const { [member]: body, ...others } = result as Record<string, unknown>;
  const parameters = Buffer.from(JSON.stringify(others)).toString('base64url');
  if (parameters.length > maxHeaderLength)
    throw new KmsFunctionsError(
      'PayloadTooLargeError',
      'The other members of the response do not fit into the header Kms-Parameters. Send `accept: application/json`.',
    );
  return {
    statusCode,
    headers: {
      ...securityHeaders,
      'content-type': mediaType,
      [parametersHeader]: parameters,
    },
    body: String(body),
    isBase64Encoded: true,
  };
}

function rejectTooLarge({ json }: Call, member: string, maxBytes: number): void {
  const value = json[member];
  if (typeof value !== 'string') return;
  const padding = Number(value.endsWith('=')) + Number(value.endsWith('=='));
  const bytes = Math.ceil(value.length / 4) * 3 - padding;
  if (bytes <= maxBytes) return;
  const format = (count: number) => count.toLocaleString('en-US');
  throw new KmsFunctionsError(
    'PayloadTooLargeError',
    `/${member} must not exceed ${format(maxBytes)} bytes. This request contains ${format(bytes)} bytes.`,
  );
}
