import type { Grant } from '../core/grant-record.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { resolveKey } from '../keys/resolve-key.ts';
import { createAccessDenied } from './access-denied.ts';
import type { AuthorizationTarget, Members } from './authorization-target.ts';
import type { Decision } from './decide.ts';
import { readGrantToken } from './grant-token.ts';
import type { KmsCall } from './kms-call.ts';
import { canRetire } from './matching-grants.ts';

/**
 * Authorizes RetireGrant based on the grant in the request. If the grant does not exist, the operation itself reports
 * the error. `decideByIdentity` evaluates the caller's identity-based policies.
 */
export function requireRetirement(
  { input, context, principal }: KmsCall,
  decideByIdentity: (target: AuthorizationTarget) => Decision,
): void {
  const found = findGrant(input, context);
  if (found === undefined) return;
  const { key, grant } = found;
  const { account, region, arn: resource } = key;
  const operation = { operation: 'RetireGrant', crossAccount: true, action: 'kms:RetireGrant' } as const;
  const target = { ...operation, resource, region, account, input };
  const { denial, unknownKeys } = decideByIdentity(target);
  const isDenied = typeof denial === 'object' && 'deniedBy' in denial;
  if (!isDenied && canRetire(principal, key, grant, denial === undefined)) return;
  const isForeign = account !== principal.account;
  const reason = isDenied ? denial : isForeign ? 'hidden' : { notAllowedBy: 'resource-based policy' as const };
  throw createAccessDenied(principal, target, reason, unknownKeys);
}

function findGrant(
  { GrantToken, KeyId, GrantId }: Members,
  context: OperationContext,
): { key: Key; grant: Grant } | undefined {
  try {
    const { keyArn, grantId } =
      typeof GrantToken === 'string'
        ? readGrantToken(GrantToken)
        : { keyArn: String(KeyId ?? ''), grantId: String(GrantId ?? '') };
    const key = resolveKey(context, keyArn);
    const grant = context.store.grants.find(key.seq, grantId);
    return grant === undefined ? undefined : { key, grant };
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}
