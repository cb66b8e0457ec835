import { functionName } from '../../shared/declaration/operation.ts';
import { GatewayError, NetworkError, UnreadableAnswerError } from '../errors.ts';
import type { MethodName } from '../requests.ts';
import type { Answer, Transport } from '../transport.ts';
import { directFailure } from './direct-failure.ts';

/** What Lambda's Invoke is sent. */
export interface Invocation {
  FunctionName: string;
  Payload: Uint8Array;
}

/** What of Invoke's answer the client reads. */
export interface InvocationAnswer {
  readonly FunctionError?: string | undefined;
  readonly Payload?: Uint8Array | undefined;
  readonly $metadata?: { readonly requestId?: string | undefined };
}

/** `new Lambda(…)` of `@aws-sdk/client-lambda`, or anything that invokes functions in the same way. */
export interface Invoker {
  invoke(invocation: Invocation, options: { readonly abortSignal: AbortSignal }): Promise<InvocationAnswer>;
}

export interface LambdaOptions {
  readonly client: Invoker;
  /** A function's name, alias or ARN at AWS from its name here: ``(name) => `kms-functions-dev-${name}` ``. */
  readonly functionName: (name: MethodName) => string;
}

/** Calls the functions by Lambda's Invoke. Who calls needs `lambda:InvokeFunction` on them. */
export function lambda({ client, functionName: nameOf }: LambdaOptions): Transport {
  return {
    async send(operation, input, { signal }) {
      const invocation = {
        FunctionName: nameOf(functionName(operation) as MethodName),
        Payload: new TextEncoder().encode(JSON.stringify(input)),
      };
      return readInvocation(await invoked(client, invocation, signal));
    },
  };
}

async function invoked(client: Invoker, invocation: Invocation, signal: AbortSignal): Promise<InvocationAnswer> {
  try {
    return await client.invoke(invocation, { abortSignal: signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw refusal(error);
  }
}

function readInvocation({ FunctionError: failed, Payload, $metadata }: InvocationAnswer): Answer {
  const requestId = $metadata?.requestId;
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(Payload));
  } catch {
    if (failed === undefined) throw new UnreadableAnswerError('it is not JSON', { requestId });
  }
  if (failed !== undefined) throw directFailure(body, requestId);
  return { body, requestId };
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly retryAfterSeconds?: string;
}

/** Invoke itself failed: Lambda refused the call (status), or was not reached. */
function refusal(error: unknown): Error {
  const { message, $metadata, retryAfterSeconds } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // Credentials that cannot be loaded are the caller's own error, and no fault of the network.
  if (status === undefined) return error instanceof Error && isCallersOwn(error) ? error : new NetworkError(error);
  const seconds = Number(retryAfterSeconds);
  return new GatewayError(status, message, {
    cause: error,
    requestId: $metadata?.requestId,
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
  });
}

function isCallersOwn({ name }: Error): boolean {
  return name === 'CredentialsProviderError' || name === 'TypeError';
}
