import type { KMSClient } from '@aws-sdk/client-kms';
import type * as z from 'zod/mini';
import { refuseForeignAnswer, regionOf } from '../authorization/scope.ts';
import type { InputSchema, JsonObject } from '../declaration/operation.ts';
import { isRetrySafe } from '../declaration/retry-safety.ts';
import type { Call } from '../handler/call.ts';
import { clientOf } from './client.ts';
import { toJson } from './json.ts';

type Send = KMSClient['send'];

/** A command class of `@aws-sdk/client-kms` that takes what the declaration yields; the operation's handler names it. */
export type CommandOf<Input extends InputSchema> = new (input: z.output<Input>) => object;

/** Sends a validated call to KMS and answers the response as JSON. */
export async function send(
  call: Call,
  Command: new (input: never) => object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { operation, json } = call;
  const client = clientOf(regionOf(call), { isRetrySafe: isRetrySafe(operation, json as JsonObject) });
  const command = new Command(call.input as never) as Parameters<Send>[0];
  try {
    const { attemptTimeoutMs } = operation;
    const response = await client.send(command, {
      ...(signal === undefined ? {} : { abortSignal: signal }),
      ...(attemptTimeoutMs === undefined ? {} : { requestTimeout: attemptTimeoutMs }),
    });
    rememberRequestId(call, response);
    call.usedKeys = keysIn(response);
    refuseForeignAnswer(response, call.scope);
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

/** The key ARNs of an answer; what else KMS calls `KeyId` there is the caller's own word. */
function keysIn(response: object): string[] {
  const { KeyId, SourceKeyId, KeyMetadata, ReplicaKeyMetadata } = response as {
    readonly [name: string]: unknown;
    readonly KeyMetadata?: { readonly Arn?: string };
    readonly ReplicaKeyMetadata?: { readonly Arn?: string };
  };
  const keys = [SourceKeyId, KeyId, KeyMetadata?.Arn, ReplicaKeyMetadata?.Arn];
  return keys.filter((key): key is string => typeof key === 'string' && key.startsWith('arn:'));
}
