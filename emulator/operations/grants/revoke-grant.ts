import type { revokeGrant as operation } from '../../../functions/grants/revoke-grant/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { findGrant } from './find-grant.ts';

export const revokeGrant: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const grant = findGrant(store, resolveKey(context, input.KeyId, { operation: 'RevokeGrant' }), input.GrantId);
    throwIfDryRun(input.DryRun);
    store.grants.remove(grant);
  });
  return {};
};
