import { DecapsulateCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { decapsulate } from './operation.ts';

export const handler = createHandler(decapsulate, DecapsulateCommand);
