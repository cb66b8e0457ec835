import { RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { rotateKeyOnDemand } from './operation.ts';

export const handler = createHandler(rotateKeyOnDemand, RotateKeyOnDemandCommand);
