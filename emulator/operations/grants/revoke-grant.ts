import type { revokeGrant as operation } from '../../../functions/grants/revoke-grant/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';
import { endDryRun } from '../crypto/dry-run.ts';
import { findGrant } from './grant-entries.ts';

export const revokeGrant: Action<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const grant = findGrant(store, findKeyWithoutAlias(context, input.KeyId, 'RevokeGrant'), input.GrantId);
    endDryRun(input.DryRun);
    store.grants.remove(grant);
  });
  return {};
};
