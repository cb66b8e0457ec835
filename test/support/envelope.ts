import type { FunctionConfig } from '../../shared/config/function-config.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { logger } from '../../shared/observability/logger.ts';
import { captureLog } from './captured-log.ts';
import { createContext, loadHandler } from './handlers.ts';
import { buildHttpEvent, type HttpEventV2 } from './http-events.ts';
import { invoke } from './outcome.ts';

// biome-ignore lint/suspicious/noExplicitAny: the assertions check the members.
type Body = any;

/** Invokes a handler directly and returns its result. Throws the error of a failed call. */
export async function callDirectly(operation: Operation, input: JsonObject, config?: FunctionConfig): Promise<Body> {
  const handler = await loadHandler(operation, config);
  return handler(input, createContext());
}

/** Invokes a handler directly and returns the code and the text of its error. */
export async function failDirectly(operation: Operation, input: JsonObject, config?: FunctionConfig): Promise<string> {
  const outcome = await invoke(await loadHandler(operation, config), input);
  if (outcome.ok) throw new Error('The call succeeded.');
  return outcome.text;
}

/** Sends bytes as API Gateway does, with the other members of the body in the header. */
export function buildBytesEvent(
  operation: Operation,
  bytes: Uint8Array,
  parameters: JsonObject | undefined,
  headers: Record<string, string> = {},
): HttpEventV2 {
  const [route] = operation.routes;
  const event = buildHttpEvent(operation, route, { KeyId: 'alias/example' });
  const header = parameters && { 'kms-parameters': encodeParameters(parameters) };
  return {
    ...event,
    headers: { ...event.headers, 'content-type': 'application/octet-stream', ...header, ...headers },
    body: Buffer.from(bytes).toString('base64'),
    isBase64Encoded: true,
  };
}

export function encodeParameters(parameters: JsonObject): string {
  return Buffer.from(JSON.stringify(parameters)).toString('base64url');
}

export interface BytesResponse {
  readonly statusCode: number;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly parameters: Body;
  /** The body as text, if it is not base64. */
  readonly text: string;
}

/** Calls a handler through HTTP and reads a response of bytes. */
export async function sendBytes(handler: Handler, event: unknown): Promise<BytesResponse> {
  const response = (await handler(event, createContext())) as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
    isBase64Encoded: boolean;
  };
  const header = response.headers['kms-parameters'];
  return {
    statusCode: response.statusCode,
    type: response.headers['content-type'],
    bytes: Buffer.from(response.body, 'base64'),
    parameters: header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64url').toString()),
    text: response.isBase64Encoded ? '' : response.body,
  };
}

/** Runs calls, and returns the records that their functions wrote. */
export async function captureRecords(calls: () => Promise<unknown>): Promise<Body[]> {
  const level = logger.getLevelName();
  logger.setLogLevel('INFO');
  try {
    return (await captureLog(calls)).map(({ json }) => json);
  } finally {
    logger.setLogLevel(level);
  }
}
