import { isObject } from '../../shared/declaration/json-object.ts';
import {
  type ErrorCode,
  GatewayError,
  type InputError,
  type KmsFunctionsClientError,
  ServiceError,
  UnreadableResponseError,
} from '../errors.ts';
import type { TransportResponse } from '../transport.ts';

/** The parts of an HTTP response that the client reads. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Returns the body of a successful response. Throws the error that the function or the gateway returned. */
export function readResponse({ status, headers, text }: HttpResponse): TransportResponse {
  const requestId = headers.get('apigw-requestid') ?? undefined;
  const body = parseJson(text);
  if (status < 200 || status > 299) throw readError(status, headers, body, requestId);
  if (body === undefined) throw new UnreadableResponseError('the body is not JSON', { status, requestId });
  return { body, requestId };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readError(
  status: number,
  headers: Headers,
  body: unknown,
  gatewayRequestId: string | undefined,
): KmsFunctionsClientError {
  const problem = isObject(body) ? body : {};
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
  // Only the functions respond with this content type; gateways and proxies use others.
  if (headers.get('content-type')?.startsWith('application/problem+json') && typeof problem.code === 'string') {
    // A later version of the service may return codes that this version of the client does not know.
    return new ServiceError(problem.code as ErrorCode, textOr(problem.detail, problem.code), {
      status,
      retryAfterMs,
      retryable: problem.retryable === true,
      requestId: textOr(problem.requestId, gatewayRequestId),
      errors: Array.isArray(problem.errors) ? problem.errors.filter(isInputError) : undefined,
    });
  }
  // KMS and the emulator return this code for a request without `X-Amz-Target`. API Gateway never does.
  if (problem.__type === 'UnknownOperationException') {
    return new GatewayError(status, kmsEndpointMessage, { requestId: headers.get('x-amzn-requestid') ?? undefined });
  }
  // Lambda and the local server for direct invocation return this code for a path that they do not have.
  if (headers.get('x-amzn-errortype') === 'UnknownOperationException') {
    return new GatewayError(status, lambdaEndpointMessage, { requestId: headers.get('x-amzn-requestid') ?? undefined });
  }
  // HTTP APIs return `message`; REST APIs return `Message` for some errors.
  const message = textOr(problem.message ?? problem.Message, `The gateway responded with status ${status}.`);
  return new GatewayError(status, message, { retryAfterMs, requestId: gatewayRequestId });
}

const kmsEndpointMessage =
  'The endpoint is a KMS endpoint, such as the emulator on port 4599, and not the API. Use the URL of the API. `npm start` serves it at http://localhost:3000.';

const lambdaEndpointMessage =
  'The endpoint is a Lambda endpoint, such as direct invocation on port 3002, and not the API. Use the URL of the API. `npm start` serves it at http://localhost:3000.';

function isInputError(value: unknown): value is InputError {
  return isObject(value) && typeof value.pointer === 'string' && typeof value.detail === 'string';
}

function textOr<Otherwise extends string | undefined>(value: unknown, otherwise: Otherwise): string | Otherwise {
  return typeof value === 'string' ? value : otherwise;
}

/** Converts seconds or a date (RFC 9110 §10.2.3) to milliseconds from now. Returns `undefined` for other values. */
function parseRetryAfter(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  // Date.parse also accepts numbers, such as `1.5`. Dates in HTTP begin with the name of the day.
  const delayMs = /^[a-z]{3}/i.test(value) ? Date.parse(value) - nowMs : Number.NaN;
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
