import { ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listKeyRotations } from './operation.ts';

export const handler = createHandler(listKeyRotations, ListKeyRotationsCommand);
