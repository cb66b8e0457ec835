import * as z from 'zod/mini';
import type { ChainMiddleware } from '../../call/chain.ts';
import type { Operation } from '../../declaration/operation.ts';
import { toInputErrors } from '../../errors/input-errors.ts';

/** Validates `call.json` against the declaration. Stores the parsed input in `call.input`, or adds errors to `call.errors`. */
export function validateInput(operation: Operation): ChainMiddleware {
  const { exclusiveMembers = [] } = operation;
  return {
    before: ({ internal: { call } }) => {
      for (const [first, second] of exclusiveMembers) {
        if (first in call.json && second in call.json)
          call.errors.push({ pointer: `/${second}`, detail: `must not be combined with ${first}` });
      }
      const parsed = z.safeParse(operation.input, call.json);
      if (parsed.success) {
        call.input = parsed.data;
        return;
      }
      // Does not also report a member in the wrong location as missing.
      const misplaced = new Set(call.errors.map(({ pointer }) => pointer));
      const errors = toInputErrors(parsed.error.issues, operation.input, call.json);
      call.errors.push(...errors.filter(({ pointer }) => !misplaced.has(pointer)));
    },
  };
}
