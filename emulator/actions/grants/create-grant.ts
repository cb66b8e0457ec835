import type { createGrant as operation } from '../../../functions/grants/create-grant/operation.ts';
import type { Action } from '../../action.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { lookUpKeyWithoutAlias } from '../../keys/find-key.ts';
import { checkGrantFits, checkGrantRequest } from '../../keys/grant-rules.ts';
import { newGrantToken } from '../../keys/grant-token.ts';
import { findOrInsertGrant, issuingAccount } from '../../keys/grants.ts';
import { checkPrincipal, checkServicePrincipal } from '../../keys/principal.ts';
import { requireState } from '../../keys/states.ts';

export const createGrant: Action<typeof operation> = (input, context) => {
  const { store, clock, account, region } = context;
  const { KeyId, GrantTokens: _, DryRun, Operations, ...rest } = input;
  const request = { ...rest, Operations: [...new Set(Operations)] };
  checkGrantRequest(request);
  return store.write(() => {
    const key = lookUpKeyWithoutAlias(context, KeyId);
    for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) checkPrincipal(principal, region);
    for (const principal of [input.GranteeServicePrincipal, input.RetiringServicePrincipal]) {
      checkServicePrincipal(principal);
    }
    checkGrantFits(key, request);
    requireState(key, 'CreateGrant');
    endDryRun(DryRun);
    const record = { ...request, IssuingAccount: issuingAccount(account, region), createdMs: clock.now() };
    const { grantId } = findOrInsertGrant(store, key, record);
    return { GrantToken: newGrantToken({ keyArn: key.arn, grantId }), GrantId: grantId };
  });
};
