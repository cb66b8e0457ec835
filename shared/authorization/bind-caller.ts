import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { memberNames, type Operation } from '../declaration/operation.ts';
import { bindEncryptionContext, findContextPrefixes, takesEncryptionContext } from './encryption-context.ts';

/** Adds the caller's principal to the encryption context, so that only the same caller can decrypt the data. */
export function bindCaller(
  operation: Operation,
  { callerContextKey }: Pick<FunctionConfig, 'callerContextKey'>,
): ChainMiddleware {
  const prefixes = findContextPrefixes(memberNames(operation));
  return {
    before: ({ internal: { call } }) => {
      const { principal } = call.caller;
      if (callerContextKey === undefined || principal === undefined) return;
      for (const prefix of prefixes) {
        if (takesEncryptionContext(call.input, prefix))
          bindEncryptionContext(call.input, prefix, callerContextKey, principal);
      }
    },
  };
}
