import type { Guard } from '../authorization/index.ts';
import { type FunctionConfig, readFunctionConfig } from '../config/function-config.ts';
import { readIdempotencySettings } from '../config/idempotency-settings.ts';
import type { InputSchema, Operation } from '../declaration/operation.ts';
import { schemaMetadata } from '../declaration/schema-metadata.ts';
import { readIdempotencyKey } from '../idempotency/read-idempotency-key.ts';
import { respondOnce } from '../idempotency/respond-once.ts';
import { type CommandClass, send } from '../kms/send.ts';
import { createCustomHandler, type Handler } from './create-handler.ts';

/**
 * Creates the Lambda handler for a KMS operation that accepts idempotency keys. Throws for an operation whose response
 * must not be stored, so that its function fails to load.
 */
export function createIdempotentHandler<Input extends InputSchema>(
  operation: Operation<Input>,
  Command: CommandClass<Input>,
  guards: readonly Guard[] = [],
  config: FunctionConfig = { ...readFunctionConfig(), idempotency: readIdempotencySettings() },
): Handler {
  const secret = findSecretMember(operation);
  if (secret !== undefined)
    throw new TypeError(`${operation.name} cannot be idempotent, because its stored response would contain ${secret}.`);
  return createCustomHandler(
    operation,
    (call) => {
      const { idempotency } = call.config;
      const perform = (attempt: typeof call) => send(attempt, Command);
      if (idempotency === undefined || call.idempotencyKey === undefined) return perform(call);
      return respondOnce(call, idempotency, perform);
    },
    { guards, checkInput: [readIdempotencyKey()], config },
  );
}

/** Returns a member of the response that must not be stored: a secret, bytes or a token. */
function findSecretMember({ sensitive, output }: Operation): string | undefined {
  const members = Object.entries(output()._zod.def.shape);
  const secret = members.find(
    ([name, schema]) => sensitive.includes(name) || schemaMetadata(schema)?.kind === 'blob' || name.endsWith('Token'),
  );
  return secret?.[0];
}
