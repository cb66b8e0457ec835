import type { revokeGrant as operation } from '../../../functions/grants/revoke-grant/operation.ts';
import type { Action } from '../../action.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { findGrant } from '../../keys/grants.ts';

export const revokeGrant: Action<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const grant = findGrant(store, findKeyWithoutAlias(context, input.KeyId, 'RevokeGrant'), input.GrantId);
    endDryRun(input.DryRun);
    store.grants.remove(grant);
  });
  return {};
};
