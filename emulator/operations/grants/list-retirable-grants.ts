import type { listRetirableGrants as operation } from '../../../functions/grants/list-retirable-grants/operation.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { grantEntryOf } from './grant-entries.ts';
import { requireOne } from './grant-rules.ts';
import { checkPrincipal, checkServicePrincipal } from './grantee-principal.ts';

/** Grants on keys of any account, in this Region. */
export const listRetirableGrants: OperationHandler<typeof operation> = (input, { store, region }) => {
  const { RetiringPrincipal, RetiringServicePrincipal } = input;
  requireOne({ RetiringPrincipal, RetiringServicePrincipal });
  checkPrincipal(RetiringPrincipal, region);
  checkServicePrincipal(RetiringServicePrincipal);
  const member = RetiringPrincipal === undefined ? 'RetiringServicePrincipal' : 'RetiringPrincipal';
  const principal = RetiringPrincipal ?? RetiringServicePrincipal ?? '';
  const { items, NextMarker, Truncated } = paginate(
    `retirable ${region} ${member} ${principal}`,
    input,
    { defaultLimit: 50, maxLimit: 100 },
    (after, count) => store.grants.listRetirable(member, principal, region, Number(after ?? 0), count),
    ({ seq }) => String(seq),
  );
  const Grants = items.flatMap((grant) => {
    const key = store.keys.findBySeq(grant.keySeq);
    return key === undefined ? [] : [grantEntryOf(key, grant)];
  });
  return { Grants, NextMarker, Truncated };
};
