import type { KMSClient } from '@aws-sdk/client-kms';
import type * as z from 'zod/mini';
import type { Call } from '../call/call.ts';
import { compact } from '../declaration/json-object.ts';
import type { InputSchema, JsonObject } from '../declaration/operation.ts';
import { isRetrySafe } from '../declaration/retry-safety.ts';
import { getAttemptTimeoutMs } from './attempts.ts';
import { getClient } from './client.ts';
import { toJson } from './json.ts';
import { resolveRegion } from './region.ts';

type Send = KMSClient['send'];

/** A command class from `@aws-sdk/client-kms` that accepts the declared input. */
export type CommandClass<Input extends InputSchema> = new (input: z.output<Input>) => object;

/** Sends a validated call to KMS and returns the response as JSON. */
export async function send(
  call: Call,
  Command: new (input: never) => object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { operation, json, config } = call;
  const isSafe = isRetrySafe(operation, json as JsonObject);
  const client = getClient(config, resolveRegion(call), { isRetrySafe: isSafe });
  const command = new Command(call.input as never) as Parameters<Send>[0];
  if (!isSafe && operation.retrySafety !== 'safe') call.unsafeRetry = operation.retrySafety;
  try {
    const response = await client.send(
      command,
      compact({ abortSignal: signal, requestTimeout: getAttemptTimeoutMs(operation) }),
    );
    rememberRequestId(call, response);
    call.usedKeys = findKeyArns(response);
    return toJson(response);
  } catch (error) {
    rememberRequestId(call, error);
    throw error;
  }
}

function rememberRequestId(call: Call, response: unknown): void {
  const { requestId } = (response as { $metadata?: { requestId?: string } }).$metadata ?? {};
  if (requestId !== undefined) call.kmsRequestId = requestId;
}

/**
 * Returns the key ARNs in a response. Ignores a `KeyId` that is not an ARN, because such a `KeyId` only repeats the
 * request.
 */
function findKeyArns(response: object): string[] {
  const { KeyId, SourceKeyId, KeyMetadata, ReplicaKeyMetadata } = response as {
    readonly [name: string]: unknown;
    readonly KeyMetadata?: { readonly Arn?: string };
    readonly ReplicaKeyMetadata?: { readonly Arn?: string };
  };
  const keys = [SourceKeyId, KeyId, KeyMetadata?.Arn, ReplicaKeyMetadata?.Arn];
  return keys.filter((key): key is string => typeof key === 'string' && key.startsWith('arn:'));
}
