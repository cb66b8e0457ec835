import { GenerateRandomCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { health } from './operation.ts';

/** Requests one random byte from KMS, to check that KMS is reachable and accepts the function's role. Discards the byte. */
export const handler = createCustomHandler(health, async (call) => {
  call.input = { NumberOfBytes: 1 };
  await send(call, GenerateRandomCommand);
  return { status: 'ok', version: call.config.version };
});
