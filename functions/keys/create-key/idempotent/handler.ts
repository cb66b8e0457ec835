import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { guardPolicy } from '../../../../shared/authorization/guard-policy.ts';
import { createIdempotentHandler } from '../../../../shared/handler/create-idempotent-handler.ts';
import { createKey } from '../operation.ts';

/** Replaces the function's handler if the deployment has the parameter `idempotency=on`. */
export const handler = createIdempotentHandler(createKey, CreateKeyCommand, [guardPolicy]);
