import type { Bounds, Guard } from '../../authorization/bounds.ts';
import type { ChainMiddleware } from '../call.ts';

/** The guards of an operation's own, which its handler names. */
export function applyGuards(guards: readonly Guard[], bounds: Bounds | undefined): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (bounds !== undefined) for (const guard of guards) guard(call.input, bounds);
    },
  };
}
