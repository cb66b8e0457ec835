import type { listGrants as operation } from '../../../functions/grants/list-grants/operation.ts';
import { throwIfBothPresent } from '../../core/exclusive-members.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { checkGrantId } from './find-grant.ts';
import { toGrantListEntry } from './grant-list-entry.ts';
import { checkGrantPrincipal } from './grant-principals.ts';

export const listGrants: OperationHandler<typeof operation> = (input, context) => {
  const { GrantId: grantId, GranteePrincipal, GranteeServicePrincipal } = input;
  throwIfBothPresent({ GranteePrincipal, GranteeServicePrincipal });
  const key = resolveKey(context, input.KeyId, { operation: 'ListGrants' });
  checkGrantId(grantId);
  checkGrantPrincipal(GranteePrincipal, context.region);
  const filter = { grantId, granteePrincipal: GranteePrincipal, granteeServicePrincipal: GranteeServicePrincipal };
  const { items, NextMarker, Truncated } = paginate(
    `grants ${key.arn} ${JSON.stringify(filter)}`,
    input,
    { defaultLimit: 50, maxLimit: 100 },
    (after, count) => context.store.grants.listPage(key.seq, filter, Number(after ?? 0), count),
    ({ seq }) => String(seq),
  );
  return { Grants: items.map((grant) => toGrantListEntry(key, grant)), NextMarker, Truncated };
};
