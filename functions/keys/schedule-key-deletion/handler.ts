import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { guardDeletion, keyDeletion } from '../usage/guard-deletion.ts';
import { scheduleKeyDeletion } from './operation.ts';

export const handler = createCustomHandler(scheduleKeyDeletion, async (call) => {
  await guardDeletion(call, keyDeletion);
  return send(call, ScheduleKeyDeletionCommand);
});
