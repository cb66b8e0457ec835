import type { ChainMiddleware } from '../../call/chain.ts';
import { createValidationError } from '../../errors/kms-functions-error.ts';

/** Reports all errors that earlier middleware found in the input in one response. */
export function rejectInvalidInput(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (call.errors.length > 0) throw createValidationError(call.errors);
    },
  };
}
