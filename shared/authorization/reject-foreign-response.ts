import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/**
 * Rejects a KMS response if KMS used a key in an account that the service does not allow. A ciphertext can refer to
 * such a key, and the key's owner may allow this account to use it. The function's role also denies such calls, but
 * this check does not depend on the role.
 */
export function rejectForeignResponse({
  partition,
  accountIds,
}: Pick<FunctionConfig, 'partition' | 'accountIds'>): ChainMiddleware {
  return {
    after: ({ internal: { call } }) => {
      for (const key of call.usedKeys) {
        const arn = parseArn(key);
        if (arn?.partition === partition && accountIds.includes(arn.accountId)) continue;
        throw new KmsFunctionsError(
          'AccessDeniedException',
          'The key belongs to an account that this service does not allow.',
        );
      }
    },
  };
}
