import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/**
 * Rejects the response of KMS if it used a key of another account. A ciphertext can name such a key, and its owner may
 * allow this account to use it. The function's role denies this too; this check does not depend on the role.
 */
export function rejectForeignResponse({ accountIds }: Pick<FunctionConfig, 'accountIds'>): ChainMiddleware {
  return {
    after: ({ internal: { call } }) => {
      for (const key of call.usedKeys) {
        if (accountIds.includes(parseArn(key)?.accountId ?? '')) continue;
        throw new KmsFunctionsError(
          'AccessDeniedException',
          'The key belongs to an account that this service does not allow.',
        );
      }
    },
  };
}
