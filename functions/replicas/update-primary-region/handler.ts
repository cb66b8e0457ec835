import { UpdatePrimaryRegionCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { updatePrimaryRegion } from './operation.ts';

export const handler = createHandler(updatePrimaryRegion, UpdatePrimaryRegionCommand);
