import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { resolveKey } from '../keys/resolve-key.ts';
import type { Members, Subject } from './authorization-target.ts';
import type { Decision } from './decide.ts';
import { denied } from './denial-message.ts';
import { readGrantToken } from './grant-token.ts';
import { mayRetire } from './matching-grants.ts';
import type { Principal } from './principal.ts';

/** RetireGrant is decided by the grant that it names; a request that names none is refused by the action. */
export function requireRetirement(
  input: Members,
  context: OperationContext,
  principal: Principal,
  /** What the principal's own policies say. */
  decideByIdentity: (subject: Subject) => Decision,
): void {
  const found = findGrant(input, context);
  if (found === undefined) return;
  const { key, grant } = found;
  const { account, region, arn: resource } = key;
  const subject = { operation: 'RetireGrant', action: 'kms:RetireGrant', resource, region, account, input };
  const { refusal, unknownKeys } = decideByIdentity(subject);
  const isDenied = typeof refusal === 'object' && 'denies' in refusal;
  if (!isDenied && mayRetire(principal, key, grant, refusal === undefined)) return;
  const isForeign = account !== principal.account;
  const reason = isDenied ? refusal : isForeign ? 'hidden' : { allowsNot: 'resource-based policy' as const };
  throw denied(principal, subject, reason, unknownKeys);
}

function findGrant({ GrantToken, KeyId, GrantId }: Members, context: OperationContext) {
  try {
    const named =
      typeof GrantToken === 'string'
        ? readGrantToken(GrantToken)
        : { keyArn: String(KeyId ?? ''), grantId: String(GrantId ?? '') };
    const key = resolveKey(context, named.keyArn);
    const grant = context.store.grants.find(key.seq, named.grantId);
    return grant === undefined ? undefined : { key, grant };
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}
