import { CancelKeyDeletionCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { cancelKeyDeletion } from './operation.ts';

export const handler = createHandler(cancelKeyDeletion, CancelKeyDeletionCommand);
