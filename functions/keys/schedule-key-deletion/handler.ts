import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { scheduleKeyDeletion } from './operation.ts';

export const handler = createHandler(scheduleKeyDeletion, ScheduleKeyDeletionCommand);
