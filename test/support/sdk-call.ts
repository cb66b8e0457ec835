import * as sdk from '@aws-sdk/client-kms';
import * as z from 'zod/mini';
import { requestTagKey } from '../../shared/config/resource-names.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { toJson } from '../../shared/kms/json.ts';

type Command = Parameters<sdk.KMSClient['send']>[0];

export type SdkOutcome = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly code: string };

/** Calls an operation through the AWS SDK client. Returns the response in the AWS JSON format, or the error code. */
export async function callSdk(client: sdk.KMSClient, operation: Operation, input: unknown): Promise<SdkOutcome> {
  const Command = (sdk as unknown as Record<string, new (input: unknown) => Command>)[`${operation.name}Command`];
  if (Command === undefined) throw new TypeError(`The SDK does not have a ${operation.name}Command.`);
  try {
    const answer = await client.send(new Command(z.parse(operation.input, input)));
    return { ok: true, body: JSON.parse(JSON.stringify(toJson(answer))) };
  } catch (error) {
    return { ok: false, code: (error as Error).name };
  }
}

/** Adds the request tag to an input, as the functions that create keys do. */
export function withRequestTag({ serviceTag }: Operation, input: Readonly<Record<string, unknown>>): object {
  if (serviceTag !== 'added') return input;
  const tag = { TagKey: requestTagKey, TagValue: crypto.randomUUID() };
  return { ...input, Tags: [...((input.Tags as object[] | undefined) ?? []), tag] };
}

/**
 * Returns two SDK responses to the operation's example, each from the seeded state. Values that differ between the
 * responses differ in every call.
 */
export async function exampleResponses(
  client: sdk.KMSClient,
  operation: Operation,
  restoreSeed: () => Promise<void>,
): Promise<readonly [unknown, unknown]> {
  const respond = async () => {
    await restoreSeed();
    const outcome = await callSdk(client, operation, withRequestTag(operation, operation.example.input));
    if (!outcome.ok) throw new Error(`The example of ${operation.name} failed with ${outcome.code}.`);
    return outcome.body;
  };
  return [await respond(), await respond()];
}
