import { GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { getKeyRotationStatus } from './operation.ts';

export const handler = createHandler(getKeyRotationStatus, GetKeyRotationStatusCommand);
