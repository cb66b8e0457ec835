import type { KMSClient } from '@aws-sdk/client-kms';
import type * as z from 'zod/mini';
import type { Call } from '../call.ts';
import type { InputSchema } from '../operation.ts';
import { clientOf } from './client.ts';
import { toJson } from './json.ts';
import { refuseForeignAnswer, regionOf } from './scope.ts';

type Send = KMSClient['send'];

/** A command class of `@aws-sdk/client-kms` that takes what the declaration yields; the operation's handler names it. */
export type CommandOf<Input extends InputSchema> = new (input: z.output<Input>) => object;

/** Sends a validated call to KMS and answers the response as JSON. */
export async function send(
  call: Call,
  Command: new (input: never) => object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const client = clientOf(regionOf(call.operation, call.input));
  const command = new Command(call.input as never) as Parameters<Send>[0];
  try {
    const { attemptTimeoutMs } = call.operation;
    const response = await client.send(command, {
      ...(signal === undefined ? {} : { abortSignal: signal }),
      ...(attemptTimeoutMs === undefined ? {} : { requestTimeout: attemptTimeoutMs }),
    });
    rememberRequestId(call, response);
    refuseForeignAnswer(response);
    return toJson(response);
  } catch (error) {
    rememberRequestId(call, error);
    throw error;
  }
}

function rememberRequestId(call: Call, answer: unknown): void {
  const { requestId } = (answer as { $metadata?: { requestId?: string } }).$metadata ?? {};
  if (requestId !== undefined) call.kmsRequestId = requestId;
}
