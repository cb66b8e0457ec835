import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import type { Guard } from './policy-bounds.ts';

/** Runs an operation's guards on the validated input, if the deployment has policy bounds. */
export function applyGuards(
  guards: readonly Guard[],
  { policyBounds }: Pick<FunctionConfig, 'policyBounds'>,
): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (policyBounds !== undefined) for (const guard of guards) guard(call.input, policyBounds);
    },
  };
}
