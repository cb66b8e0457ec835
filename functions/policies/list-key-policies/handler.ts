import { ListKeyPoliciesCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listKeyPolicies } from './operation.ts';

export const handler = createHandler(listKeyPolicies, ListKeyPoliciesCommand);
