import { EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { enableKeyRotation } from './operation.ts';

export const handler = createHandler(enableKeyRotation, EnableKeyRotationCommand);
