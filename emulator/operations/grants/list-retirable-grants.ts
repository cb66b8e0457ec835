import type { listRetirableGrants as operation } from '../../../functions/grants/list-retirable-grants/operation.ts';
import { requireExactlyOne } from '../../core/exclusive-members.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { toGrantListEntry } from './grant-list-entry.ts';
import { checkGrantPrincipal, checkServicePrincipal } from './grant-principals.ts';

/** Lists the grants on keys in this Region, in any account. */
export const listRetirableGrants: OperationHandler<typeof operation> = (input, { store, region }) => {
  const { RetiringPrincipal, RetiringServicePrincipal } = input;
  requireExactlyOne({ RetiringPrincipal, RetiringServicePrincipal });
  checkGrantPrincipal(RetiringPrincipal, region);
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
    return key === undefined ? [] : [toGrantListEntry(key, grant)];
  });
  return { Grants, NextMarker, Truncated };
};
