import { DisableKeyRotationCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { disableKeyRotation } from './operation.ts';

export const handler = createHandler(disableKeyRotation, DisableKeyRotationCommand);
