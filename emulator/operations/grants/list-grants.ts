import type { listGrants as operation } from '../../../functions/grants/list-grants/operation.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { checkGrantId, toGrantEntry } from './grant-entries.ts';
import { checkGrantPrincipal } from './grant-principals.ts';
import { throwIfBothPresent } from './grant-rules.ts';

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
  return { Grants: items.map((grant) => toGrantEntry(key, grant)), NextMarker, Truncated };
};
