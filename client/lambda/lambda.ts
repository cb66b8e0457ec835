import { functionName } from '../../shared/declaration/operation.ts';
import { timeoutHeader } from '../../shared/declaration/timeout-header.ts';
import { GatewayError, NetworkError, UnreadableResponseError } from '../errors.ts';
import type { MethodName } from '../operation-types.ts';
import type { Transport, TransportResponse } from '../transport.ts';
import { readFunctionError } from './read-function-error.ts';

/** The request for Lambda's Invoke operation. */
export interface Invocation {
  FunctionName: string;
  /** Base64-encoded JSON. The function receives the JSON as `context.clientContext`. */
  ClientContext?: string;
  Payload: Uint8Array;
}

/** The members of Invoke's response that the client reads. */
export interface InvocationResponse {
  readonly FunctionError?: string | undefined;
  readonly Payload?: Uint8Array | undefined;
  readonly $metadata?: { readonly requestId?: string | undefined };
}

/**
 * Invokes Lambda functions. Pass `new Lambda(…)` from `@aws-sdk/client-lambda`, or any object with the same `invoke`
 * method.
 */
export interface Invoker {
  invoke(invocation: Invocation, options: { readonly abortSignal: AbortSignal }): Promise<InvocationResponse>;
  /** The configuration of an AWS SDK client. `maxAttempts` must be 1. */
  readonly config?: { readonly maxAttempts?: () => Promise<number> };
}

export interface LambdaOptions {
  readonly client: Invoker;
  /** Returns the name, alias or ARN of the Lambda function for a method: ``(name) => `kms-functions-dev-${name}` ``. */
  readonly functionName: (name: MethodName) => string;
}

/**
 * Creates a transport that calls the functions with Lambda's Invoke. The caller needs the `lambda:InvokeFunction`
 * permission. The Lambda client must not retry (`maxAttempts: 1`), because the kms-functions client retries calls itself.
 *
 * @example
 * ```ts
 * lambda({ client: new Lambda({ maxAttempts: 1 }), functionName: (name) => `kms-functions-dev-${name}` });
 * ```
 */
export function lambda({ client, functionName: toLambdaName }: LambdaOptions): Transport {
  let checked: Promise<void> | undefined;
  return {
    async send(operation, input, { signal, timeoutMs }) {
      checked ??= rejectRetries(client);
      await checked;
      const invocation = {
        FunctionName: toLambdaName(functionName(operation) as MethodName),
        ClientContext: btoa(JSON.stringify({ custom: { [timeoutHeader]: String(timeoutMs) } })),
        Payload: new TextEncoder().encode(JSON.stringify(input)),
      };
      return readInvocation(await invoke(client, invocation, signal));
    },
  };
}

/** Rejects if the Lambda client retries, because the retries of both layers would multiply. */
async function rejectRetries({ config }: Invoker): Promise<void> {
  const maxAttempts = (await config?.maxAttempts?.()) ?? 1;
  if (maxAttempts === 1) return;
  throw new TypeError(
    `The Lambda client makes up to ${maxAttempts} attempts. Create it with \`maxAttempts: 1\`, because this client retries calls itself.`,
  );
}

async function invoke(client: Invoker, invocation: Invocation, signal: AbortSignal): Promise<InvocationResponse> {
  try {
    return await client.invoke(invocation, { abortSignal: signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toInvokeError(error);
  }
}

function readInvocation({ FunctionError: failed, Payload, $metadata }: InvocationResponse): TransportResponse {
  const requestId = $metadata?.requestId;
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(Payload));
  } catch {
    if (failed === undefined) throw new UnreadableResponseError('the payload is not JSON', { requestId });
  }
  if (failed !== undefined) throw readFunctionError(body, requestId);
  return { body, requestId };
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly retryAfterSeconds?: string;
}

/**
 * Converts an error from Invoke itself. If the error has a status, Lambda rejected the call; otherwise, Lambda could
 * not be reached.
 */
function toInvokeError(error: unknown): Error {
  const { message, $metadata, retryAfterSeconds } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // A failure to load credentials is the caller's error, not a network error.
  if (status === undefined) return error instanceof Error && isCallerError(error) ? error : new NetworkError(error);
  const seconds = Number(retryAfterSeconds);
  return new GatewayError(status, message, {
    cause: error,
    requestId: $metadata?.requestId,
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
  });
}

/**
 * Returns `true` if the error is a failure to load credentials, or a TypeError from before the first attempt. The SDK adds
 * `$metadata` to the errors of attempts, and `fetch` rejects with a TypeError if a connection fails.
 */
function isCallerError({ name, $metadata }: SdkError): boolean {
  return name === 'CredentialsProviderError' || (name === 'TypeError' && $metadata === undefined);
}
