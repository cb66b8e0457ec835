import type { KMSClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-kms';
import type * as z from 'zod/mini';
import type { Call } from '../call/call.ts';
import { omitOwnMembers } from '../declaration/kms-input.ts';
import type { InputSchema, JsonObject } from '../declaration/operation.ts';
import { isRetrySafe } from '../declaration/retry-safety.ts';
import { Attempts } from './attempts.ts';
import { getClient } from './client.ts';
import { toJson } from './json.ts';
import { resolveRegion } from './region.ts';
import type { RequestOptions } from './request-handler.ts';

type Send = KMSClient['send'];

/** A command class from `@aws-sdk/client-kms` that accepts the declared input. */
export type CommandClass<Input extends InputSchema> = new (input: z.output<Input>) => object;

/** A command whose response has the type `Output`. */
export interface KmsCommand<Input, Output> {
  readonly input: Input;
  readonly resolveMiddleware: (...parameters: never[]) => (...parameters: never[]) => Promise<{ output: Output }>;
}

/** Sends a validated call to KMS and returns the response as JSON. */
export async function send(call: Call, Command: new (input: never) => object): Promise<unknown> {
  return toJson(await sendRequest(call, Command));
}

/** Sends an input to KMS. */
export type Transmit = (client: KMSClient, input: object, attempts: Attempts) => Promise<object>;

/** Sends the request of a step, and returns the response in the SDK's form. */
export function sendStep<Input, Output extends object>(
  call: Call,
  Command: new (input: Input) => KmsCommand<object, Output>,
  transmit?: Transmit,
): Promise<Output> {
  return sendRequest(call, Command as new (input: never) => object, transmit) as Promise<Output>;
}

async function sendRequest(
  call: Call,
  Command: new (input: never) => object,
  transmit: Transmit = (client, input, attempts) => sendCommand(client, new Command(input as never), attempts),
): Promise<object> {
  const { operation, json } = call;
  const { retrySafety, timeLimit = 'usual' } = operation;
  const isSafe = retrySafety === 'safe' || isRetrySafe(operation, json as JsonObject);
  const attempts = new Attempts(call, { kind: 'attempts', timeLimit, unsafeRetry: isSafe ? undefined : retrySafety });
  try {
    const client = getClient(call.config, resolveRegion(call));
    const response = await transmit(client, omitOwnMembers(operation, call.input), attempts);
    rememberRequestId(call, response);
    call.usedKeys = findKeyArns(response);
    return response;
  } catch (error) {
    rememberRequestId(call, error);
    throw error;
  }
}

/**
 * Sends a request that prepares or checks a call, such as DescribeKey. Such requests can be repeated, and share the call's
 * deadline.
 */
export async function lookUp<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  call: Call,
  region: string | undefined,
  command: KmsCommand<Input, Output>,
): Promise<Output> {
  const client = getClient(call.config, region);
  const request = () => sendCommand(client, command, new Attempts(call, { kind: 'lookups', timeLimit: 'usual' }));
  const { sharedLookups } = call;
  return (await (sharedLookups ? shareLookup(sharedLookups, region, command, request) : request())) as Output;
}

/** Sends equal lookups of a call's steps once. A lookup that failed is sent again. */
function shareLookup(
  lookups: NonNullable<Call['sharedLookups']>,
  region: string | undefined,
  command: KmsCommand<object, object>,
  request: () => Promise<object>,
): Promise<object> {
  const ofCommand = lookups.get(command.constructor) ?? new Map<string, Promise<object>>();
  lookups.set(command.constructor, ofCommand);
  const name = JSON.stringify([region, command.input]);
  const shared = ofCommand.get(name);
  if (shared !== undefined) return shared;
  const pending = request();
  ofCommand.set(name, pending);
  pending.catch(() => ofCommand.delete(name));
  return pending;
}

function sendCommand(client: KMSClient, command: object, attempts: Attempts): Promise<object> {
  const options: RequestOptions = { attempts };
  return client.send(command as Parameters<Send>[0], options as Parameters<Send>[1]);
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
