import * as z from 'zod/mini';
import { scopeErrors } from '../../authorization/scope.ts';
import { serviceTagErrors, serviceTagFromEnvironment, withServiceTag } from '../../authorization/service-tag.ts';
import type { Operation } from '../../declaration/operation.ts';
import { inputErrors } from '../../errors/issue-details.ts';
import { invalidInput } from '../../errors/kms-functions-error.ts';
import type { ChainMiddleware } from '../call.ts';

/** Checks `call.json` against the declaration and the service's Regions and accounts: all errors at once. */
export function validateInput(operation: Operation): ChainMiddleware {
  const serviceTag = serviceTagFromEnvironment();
  return {
    before: (request) => {
      const { call } = request.internal;
      const parsed = z.safeParse(operation.input, call.json);
      const misplaced = new Set(call.errors.map(({ pointer }) => pointer));
      // A member in the wrong place is told so once, and not also that it is missing from the right one.
      if (!parsed.success) {
        call.errors.push(
          ...inputErrors(parsed.error.issues, operation.input).filter(({ pointer }) => !misplaced.has(pointer)),
        );
      }
      call.errors.push(
        ...scopeErrors(operation, call.json, call.scope),
        ...serviceTagErrors(operation, call.json, serviceTag),
      );
      if (call.errors.length > 0 || !parsed.success) throw invalidInput(call.errors);
      call.input = withServiceTag(operation, parsed.data, serviceTag);
      request.event = call;
    },
  };
}
