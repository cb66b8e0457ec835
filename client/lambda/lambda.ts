import { functionName } from '../../shared/declaration/operation.ts';
import { GatewayError, NetworkError, UnreadableResponseError } from '../errors.ts';
import type { MethodName } from '../operation-types.ts';
import type { Transport, TransportResponse } from '../transport.ts';
import { readFunctionError } from './read-function-error.ts';

/** The request of the Lambda operation Invoke. */
export interface Invocation {
  FunctionName: string;
  Payload: Uint8Array;
}

/** The members of Invoke's response that the client reads. */
export interface InvocationResponse {
  readonly FunctionError?: string | undefined;
  readonly Payload?: Uint8Array | undefined;
  readonly $metadata?: { readonly requestId?: string | undefined };
}

/** `new Lambda(…)` of `@aws-sdk/client-lambda`, or any object with the same `invoke`. */
export interface Invoker {
  invoke(invocation: Invocation, options: { readonly abortSignal: AbortSignal }): Promise<InvocationResponse>;
}

export interface LambdaOptions {
  readonly client: Invoker;
  /** Returns the name, alias or ARN of the Lambda function for a method: ``(name) => `kms-functions-dev-${name}` ``. */
  readonly functionName: (name: MethodName) => string;
}

/**
 * Creates a transport that calls the functions with Lambda's Invoke. The caller needs the permission
 * `lambda:InvokeFunction`. Disable the retries of the Lambda client, because the kms-functions client retries itself.
 *
 * @example
 * ```ts
 * lambda({ client: new Lambda({ maxAttempts: 1 }), functionName: (name) => `kms-functions-dev-${name}` });
 * ```
 */
export function lambda({ client, functionName: toLambdaName }: LambdaOptions): Transport {
  return {
    async send(operation, input, { signal }) {
      const invocation = {
        FunctionName: toLambdaName(functionName(operation) as MethodName),
        Payload: new TextEncoder().encode(JSON.stringify(input)),
      };
      return readInvocation(await invoke(client, invocation, signal));
    },
  };
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
    if (failed === undefined) throw new UnreadableResponseError('it is not JSON', { requestId });
  }
  if (failed !== undefined) throw readFunctionError(body, requestId);
  return { body, requestId };
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly retryAfterSeconds?: string;
}

/** Converts an error of Invoke itself: Lambda rejected the call (with a status), or could not be reached. */
function toInvokeError(error: unknown): Error {
  const { message, $metadata, retryAfterSeconds } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // If credentials cannot be loaded, it is a caller error, not a network error.
  if (status === undefined) return error instanceof Error && isCallerError(error) ? error : new NetworkError(error);
  const seconds = Number(retryAfterSeconds);
  return new GatewayError(status, message, {
    cause: error,
    requestId: $metadata?.requestId,
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
  });
}

function isCallerError({ name }: Error): boolean {
  return name === 'CredentialsProviderError' || name === 'TypeError';
}
