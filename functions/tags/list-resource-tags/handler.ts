import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listResourceTags } from './operation.ts';

export const handler = createHandler(listResourceTags, ListResourceTagsCommand);
