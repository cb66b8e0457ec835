import { DeriveSharedSecretCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { deriveSharedSecret } from './operation.ts';

export const handler = createHandler(deriveSharedSecret, DeriveSharedSecretCommand);
