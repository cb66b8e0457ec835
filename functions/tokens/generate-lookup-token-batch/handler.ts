import type { Call } from '../../../shared/call/call.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { generateTokens } from '../token/generate-tokens.ts';
import { generateLookupTokenBatch } from './operation.ts';

async function respond(call: Call): Promise<unknown> {
  const { Items, ...settings } = call.input as OperationInput<typeof generateLookupTokenBatch>;
  const prefixes = Items.map((_, index) => `/Items/${index}`);
  const { tokens, keys } = await generateTokens(call, settings, Items, prefixes);
  const Results = tokens.map((each, index) => {
    const reference = Items[index]?.Reference;
    return { ...(reference !== undefined && { Reference: reference }), ...each };
  });
  return { Results, ...keys };
}

export const handler = createCustomHandler(generateLookupTokenBatch, respond);
