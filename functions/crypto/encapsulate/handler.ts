import { EncapsulateCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { encapsulate } from './operation.ts';

export const handler = createHandler(encapsulate, EncapsulateCommand);
