import { isObject } from '../../shared/declaration/json-object.ts';
import type { ErrorCode } from '../errors.ts';
import {
  GatewayError,
  type InputError,
  type KmsFunctionsClientError,
  ServiceError,
  UnreadableAnswerError,
} from '../errors.ts';
import type { Answer } from '../transport.ts';

/** What of an HTTP response the client reads. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The answer of a function, or the error that it, or the gateway before it, was answered with. */
export function readAnswer({ status, headers, text }: HttpResponse): Answer {
  const requestId = headers.get('apigw-requestid') ?? undefined;
  const body = parsed(text);
  if (status < 200 || status > 299) throw errorOf(status, headers, body, requestId);
  if (body === undefined) throw new UnreadableAnswerError('it is not JSON', { status, requestId });
  return { body, requestId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(
  status: number,
  headers: Headers,
  body: unknown,
  gatewayRequestId: string | undefined,
): KmsFunctionsClientError {
  const problem = isObject(body) ? body : {};
  const retryAfterMs = retryAfterOf(headers.get('retry-after'));
  // Only the functions answer in this type; whoever stands before them has another.
  if (headers.get('content-type')?.startsWith('application/problem+json') && typeof problem.code === 'string') {
    // A later version of the service may know more codes than this one of the client.
    return new ServiceError(problem.code as ErrorCode, textOr(problem.detail, problem.code), {
      status,
      retryAfterMs,
      retryable: problem.retryable === true,
      requestId: textOr(problem.requestId, gatewayRequestId),
      errors: Array.isArray(problem.errors) ? problem.errors.filter(isInputError) : undefined,
    });
  }
  // An HTTP API writes `message`; a REST API, for some errors, `Message`.
  const message = textOr(problem.message ?? problem.Message, `The gateway answered ${status}.`);
  return new GatewayError(status, message, { retryAfterMs, requestId: gatewayRequestId });
}

function isInputError(value: unknown): value is InputError {
  return isObject(value) && typeof value.pointer === 'string' && typeof value.detail === 'string';
}

function textOr<Otherwise extends string | undefined>(value: unknown, otherwise: Otherwise): string | Otherwise {
  return typeof value === 'string' ? value : otherwise;
}

/** Seconds, or a date (RFC 9110 §10.2.3). What is neither is as if absent. */
function retryAfterOf(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  const delayMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
