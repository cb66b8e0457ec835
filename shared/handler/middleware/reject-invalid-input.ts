import type { ChainMiddleware } from '../../call/chain.ts';
import { createValidationError } from '../../errors/kms-functions-error.ts';

/** Rejects invalid input. One response reports all errors that earlier middleware found. */
export function rejectInvalidInput(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (call.errors.length > 0) throw createValidationError(call.errors);
    },
  };
}
