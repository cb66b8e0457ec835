import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import { parseArn } from '../../../shared/declaration/arn.ts';
import { toKmsFunctionsError } from '../../../shared/errors/to-kms-functions-error.ts';
import { type KmsCommand, lookUp } from '../../../shared/kms/send.ts';

/** Sends a look-up about a key that the caller may use, to the key's Region. */
export async function ask<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  call: Call,
  keyId: string,
  command: KmsCommand<Input, Output>,
): Promise<Output> {
  try {
    return await lookUp(call, parseArn(keyId)?.region ?? call.config.regions[0], command);
  } catch (error) {
    throw toKmsFunctionsError(error, call);
  }
}
