import { EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { enableKeyRotation } from './operation.ts';

export const handler = createHandler(enableKeyRotation, EnableKeyRotationCommand);
