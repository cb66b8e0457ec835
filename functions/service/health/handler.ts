import { GenerateRandomCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { health } from './operation.ts';

/** Requests one random byte, which no caller receives: it shows that KMS is reachable and accepts the function's role. */
export const handler = createCustomHandler(health, async (call, signal) => {
  call.input = { NumberOfBytes: 1 };
  await send(call, GenerateRandomCommand, signal);
  return { status: 'ok', version: call.config.version };
});
