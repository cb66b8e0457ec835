import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { scheduleKeyDeletion } from './operation.ts';

export const handler = createHandler(scheduleKeyDeletion, ScheduleKeyDeletionCommand);
