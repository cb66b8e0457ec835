import { GenerateRandomCommand } from '@aws-sdk/client-kms';
import { createHandlerOf } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { health } from './operation.ts';

const version = process.env.KMS_FUNCTIONS_VERSION ?? 'unknown';

/** One random byte, which nobody is given, says that KMS is in reach and answers this function's role. */
export const handler = createHandlerOf(health, async (call, signal) => {
  call.input = { NumberOfBytes: 1 };
  await send(call, GenerateRandomCommand, signal);
  return { status: 'ok', version };
});
