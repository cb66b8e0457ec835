import type { createGrant as operation } from '../../../functions/grants/create-grant/operation.ts';
import { createGrantToken } from '../../authorization/grant-token.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { requireState } from '../../core/key-states.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { buildIssuingAccount, findOrInsertGrant } from './find-or-insert-grant.ts';
import { checkGrantPrincipal, checkServicePrincipal } from './grant-principals.ts';
import { checkGrantForKey, checkGrantRequest } from './grant-rules.ts';

export const createGrant: OperationHandler<typeof operation> = (input, context) => {
  const { store, clock, account, region } = context;
  const { KeyId, GrantTokens: _, DryRun, Operations, ...rest } = input;
  const request = { ...rest, Operations: [...new Set(Operations)] };
  checkGrantRequest(request);
  return store.write(() => {
    const key = resolveKey(context, KeyId);
    for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) checkGrantPrincipal(principal, region);
    for (const principal of [input.GranteeServicePrincipal, input.RetiringServicePrincipal]) {
      checkServicePrincipal(principal);
    }
    checkGrantForKey(key, request);
    requireState(key, 'CreateGrant');
    throwIfDryRun(DryRun);
    const record = { ...request, IssuingAccount: buildIssuingAccount(account, region), createdMs: clock.now() };
    const { grantId } = findOrInsertGrant(store, key, record);
    return { GrantToken: createGrantToken({ keyArn: key.arn, grantId }), GrantId: grantId };
  });
};
