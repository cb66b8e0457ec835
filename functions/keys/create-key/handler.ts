import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { guardPolicy } from '../../../shared/authorization/guard-policy.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { rejectIdempotencyKey } from '../../../shared/idempotency/read-idempotency-key.ts';
import { send } from '../../../shared/kms/send.ts';
import { createKey } from './operation.ts';

export const handler = createCustomHandler(createKey, (call) => send(call, CreateKeyCommand), {
  guards: [guardPolicy],
  checkInput: [rejectIdempotencyKey()],
});
