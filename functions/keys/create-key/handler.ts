import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { boundPolicy } from '../../../shared/access/bound-policy.ts';
import { createHandler } from '../../../shared/create-handler.ts';
import { createKey } from './operation.ts';

export const handler = createHandler(createKey, CreateKeyCommand, [boundPolicy]);
