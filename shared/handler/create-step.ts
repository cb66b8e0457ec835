import type { Context } from 'aws-lambda';
import { checkScope } from '../authorization/index.ts';
import { type Call, createStepCall, maxRequestIds } from '../call/call.ts';
import type { ChainMiddleware, ChainRequest } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import type { AwsOperation } from '../declaration/operation.ts';
import { type Pointers, relocatePointers } from '../errors/relocate-pointers.ts';
import { toKmsFunctionsError } from '../errors/to-kms-functions-error.ts';
import { type KmsCommand, sendStep, type Transmit } from '../kms/send.ts';
import { createAuthorization } from './create-authorization.ts';
import { rejectInvalidInput } from './middleware/reject-invalid-input.ts';

export interface StepOptions {
  /** The locations of the step's members in the call's own input, such as `/AdditionalKeyIds/0` for `KeyId`. */
  readonly pointers?: Pointers;
  /** The time for the step, in milliseconds, if it must leave time for others. Default: the call's remaining time. */
  readonly limitMs?: number;
  /** Sends the request instead of the SDK's client. */
  readonly transmit?: Transmit;
}

/** An AWS KMS operation that an operation of this service performs for its caller. */
export interface Step<Input extends object, Output extends object> {
  /**
   * Authorizes a request as if the caller had called the AWS operation: checks the key's scope, the caller's key list and
   * the key's tenant, and adds the tenant and the caller to the encryption context. Does not send the request.
   */
  authorize(call: Call, input: Input, options?: StepOptions): Promise<AuthorizedStep<Input, Output>>;
}

export interface AuthorizedStep<Input extends object, Output extends object> {
  /** The step's own call. Its `input` is what KMS receives. */
  readonly call: Call;
  /** Sends the request. Checks the key that KMS used before it returns the response. `input` adds members. */
  send(input?: Partial<Input>): Promise<Output>;
  /** Checks a response that KMS returned for an equal request earlier, as `send` does. */
  reuse(response: Output & { readonly KeyId: string }): Promise<Output>;
}

/** Creates a step that performs an AWS KMS operation. */
export function createStep<Input extends object, Output extends object>(
  operation: AwsOperation,
  Command: new (input: Input) => KmsCommand<object, Output>,
): Step<Input, Output> {
  // A function has one configuration, but tests call a handler with several.
  const chains = new WeakMap<FunctionConfig, readonly ChainMiddleware[]>();
  const findChain = (config: FunctionConfig) => {
    const chain = chains.get(config) ?? createStepChain(operation, config);
    chains.set(config, chain);
    return chain;
  };
  return {
    async authorize(parent, input, { pointers = {}, limitMs, transmit } = {}) {
      const call = createStepCall(parent, operation, { ...input } as Record<string, unknown>, limitMs);
      const chain = findChain(parent.config);
      const run = createRunner({ parent, call, chain, pointers });
      const perform = (respond: () => Promise<Output> | Output) =>
        run(async (request) => {
          const response = await respond();
          request.response = response;
          for (const { after } of chain.toReversed()) await after?.(request);
          return response;
        });
      await run(async (request) => {
        for (const { before } of chain) await before?.(request);
      });
      return {
        call,
        send: (members = {}) => {
          Object.assign(call.input, members);
          return perform(() => sendStep(call, Command, transmit));
        },
        reuse: (response) => {
          call.usedKeys = [response.KeyId];
          return perform(() => response);
        },
      };
    },
  };
}

function createStepChain(operation: AwsOperation, config: FunctionConfig): ChainMiddleware[] {
  return [checkScope(operation, config), rejectInvalidInput(), ...createAuthorization(operation, [], config)];
}

interface StepRun {
  readonly parent: Call;
  readonly call: Call;
  readonly chain: readonly ChainMiddleware[];
  readonly pointers: Pointers;
}

/**
 * Creates a function that runs a part of a step. Adds what the part did to the call's record. Converts each error to the
 * error that the caller receives.
 */
function createRunner({ parent, call, chain, pointers }: StepRun) {
  const request = { event: {}, context: {} as Context, internal: { call } } as ChainRequest;
  const recorded = { attempts: 0, lookups: 0, ms: 0 };
  let recordedId: string | undefined;
  const record = () => {
    for (const name of ['attempts', 'lookups', 'ms'] as const) {
      parent.kms[name] += call.kms[name] - recorded[name];
      recorded[name] = call.kms[name];
    }
    const keys = call.usedKeys.filter((key) => !parent.usedKeys.includes(key));
    parent.usedKeys = [...parent.usedKeys, ...keys];
    if (call.unsafeRetry !== undefined) parent.unsafeRetry = call.unsafeRetry;
    if (call.kmsRequestId === undefined || call.kmsRequestId === recordedId) return;
    recordedId = call.kmsRequestId;
    parent.kmsRequestId = recordedId;
    if (parent.kmsRequestIds.length < maxRequestIds) parent.kmsRequestIds.push(recordedId);
  };
  return async <Result>(part: (request: ChainRequest) => Promise<Result>): Promise<Result> => {
    try {
      return await part(request);
    } catch (error) {
      request.error = error as Error;
      for (const { onError } of chain.toReversed()) await onError?.(request);
      throw relocatePointers(toKmsFunctionsError(request.error, call), pointers);
    } finally {
      record();
    }
  };
}
