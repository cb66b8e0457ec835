import type { Call } from '../../../shared/call/call.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { generateTokens } from '../token/generate-tokens.ts';
import { generateLookupToken } from './operation.ts';

async function respond(call: Call): Promise<unknown> {
  const input = call.input as OperationInput<typeof generateLookupToken>;
  const { tokens, keys } = await generateTokens(call, input, [input], ['']);
  return { ...tokens[0], ...keys };
}

export const handler = createCustomHandler(generateLookupToken, respond);
