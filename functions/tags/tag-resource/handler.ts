import { TagResourceCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { tagResource } from './operation.ts';

export const handler = createHandler(tagResource, TagResourceCommand);
