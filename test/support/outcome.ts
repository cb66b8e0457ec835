import { expect } from 'vitest';
import {
  type CatalogueEntry,
  catalogue,
  type ErrorCode,
  isErrorCode,
} from '../../shared/declaration/error-catalogue.ts';
import type { InputError } from '../../shared/errors/kms-functions-error.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { createContext } from './handlers.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly errors?: readonly InputError[];
}

/** The result of a call over HTTP or by direct invocation. `text` is the handler's complete output. */
export type Outcome =
  | { readonly trigger: 'http' | 'direct'; readonly ok: true; readonly status: number; body: unknown; text: string }
  | { readonly trigger: 'http'; readonly ok: false; readonly code: ErrorCode; problem: Problem; text: string }
  | { readonly trigger: 'direct'; readonly ok: false; readonly code: ErrorCode; error: Error; text: string };

/** Calls a handler. Checks that its response has the documented form. */
export async function invoke(handler: Handler, event: unknown, context = createContext()): Promise<Outcome> {
  let response: unknown;
  try {
    response = await handler(event, context);
  } catch (error) {
    return toDirectFailure(error);
  }
  if (!isHttpResponse(response)) {
    return { trigger: 'direct', ok: true, status: 200, body: response, text: JSON.stringify(response) };
  }
  const { statusCode: status, body: text, headers } = response;
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  if (status < 300) {
    expect(headers['content-type']).toBe('application/json');
    return { trigger: 'http', ok: true, status, body: JSON.parse(text), text };
  }
  const problem = parseProblem(response, context.awsRequestId);
  return { trigger: 'http', ok: false, code: problem.code, problem, text: JSON.stringify(response) };
}

function isHttpResponse(response: unknown): response is HttpResponse {
  return typeof response === 'object' && response !== null && 'statusCode' in response;
}

/** Parses a problem document (RFC 9457). Checks that it contains exactly the documented members. */
function parseProblem({ statusCode, headers, body }: HttpResponse, requestId: string): Problem {
  const problem = JSON.parse(body) as Problem;
  const { type, title, status, detail, code, retryable, errors, ...others } = problem;
  expect(headers['content-type']).toBe('application/problem+json');
  expect(isErrorCode(code)).toBe(true);
  const { advice: _, ...entry }: CatalogueEntry = catalogue[code];
  expect(type).toBe(`urn:kms-functions:error:${code}`);
  const mayHaveExecuted = status >= 500 && detail.includes(`KMS may have executed the request ${requestId}.`);
  expect({ title, status, retryable }).toEqual({
    retryable: false,
    ...entry,
    ...(mayHaveExecuted && { retryable: false }),
    // Later, the search for the key is complete.
    ...(code === 'IdempotencyUnfinishedError' && { retryable: expect.any(Boolean) }),
  });
  expect(statusCode).toBe(status);
  expect(others).toEqual({ requestId });
  expect(typeof detail).toBe('string');
  expect(detail).not.toBe('');
  expect(headers['retry-after']).toBe(retryable && [409, 429, 503].includes(status) ? '1' : undefined);
  if (errors !== undefined) {
    expect(['ValidationException', 'KeyInUseError']).toContain(code);
    expect(errors.length).toBeGreaterThan(0);
    for (const entry of errors) {
      expect(Object.keys(entry).sort()).toEqual(['detail', 'pointer']);
      expect(entry.pointer).toMatch(/^(\/[^/]+)*$/);
      expect(entry.detail).not.toBe('');
    }
  }
  expect(body).not.toMatch(stackFrame);
  return problem;
}

const stackFrame = /\bat \S+ \(|\.[cm]?[jt]s:\d+/;

/** Checks the parts of an error that the Lambda runtime prints and sends: name, message, stack and own properties. */
function toDirectFailure(thrown: unknown): Outcome {
  expect(thrown).toBeInstanceOf(Error);
  const error = thrown as Error;
  expect(isErrorCode(error.name)).toBe(true);
  expect(error.message.startsWith(`${error.name}: `)).toBe(true);
  expect(error.message.length).toBeGreaterThan(error.name.length + 2);
  expect(Object.keys(error)).toEqual([]);
  expect(Object.getOwnPropertyNames(error).sort()).toEqual(['message', 'stack']);
  expect(error.cause).toBeUndefined();
  expect(error.stack).toBe(error.message);
  expect(error.message).not.toMatch(/\n/);
  expect(error.message).not.toMatch(stackFrame);
  return { trigger: 'direct', ok: false, code: error.name as ErrorCode, error, text: error.message };
}
