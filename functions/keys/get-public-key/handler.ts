import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { getPublicKey } from './operation.ts';

export const handler = createHandler(getPublicKey, GetPublicKeyCommand);
