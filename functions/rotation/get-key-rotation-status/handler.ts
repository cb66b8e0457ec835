import { GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { getKeyRotationStatus } from './operation.ts';

export const handler = createHandler(getKeyRotationStatus, GetKeyRotationStatusCommand);
