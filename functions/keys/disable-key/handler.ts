import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { disableKey } from './operation.ts';

export const handler = createHandler(disableKey, DisableKeyCommand);
