import type { listGrants as operation } from '../../../functions/grants/list-grants/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { refuseBoth } from '../../keys/grant-rules.ts';
import { checkGrantId, grantEntryOf } from '../../keys/grants.ts';
import { page } from '../../keys/page.ts';
import { checkPrincipal } from '../../keys/principal.ts';

export const listGrants: Action<typeof operation> = (input, context) => {
  const { GrantId: grantId, GranteePrincipal, GranteeServicePrincipal } = input;
  refuseBoth({ GranteePrincipal, GranteeServicePrincipal });
  const key = findKeyWithoutAlias(context, input.KeyId, 'ListGrants');
  checkGrantId(grantId);
  checkPrincipal(GranteePrincipal, context.region);
  const filter = { grantId, granteePrincipal: GranteePrincipal, granteeServicePrincipal: GranteeServicePrincipal };
  const { items, NextMarker, Truncated } = page(
    `grants ${key.arn} ${JSON.stringify(filter)}`,
    input,
    { byDefault: 50, most: 100 },
    (after, count) => context.store.grants.page(key.seq, filter, Number(after ?? 0), count),
    ({ seq }) => String(seq),
  );
  return { Grants: items.map((grant) => grantEntryOf(key, grant)), NextMarker, Truncated };
};
