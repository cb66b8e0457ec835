import { UntagResourceCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { untagResource } from './operation.ts';

export const handler = createHandler(untagResource, UntagResourceCommand);
