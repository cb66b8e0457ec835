import type { createGrant as operation } from '../../../functions/grants/create-grant/operation.ts';
import { createGrantToken } from '../../authorization/grant-token.ts';
import { requireState } from '../../core/key-states.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { endDryRun } from '../crypto/dry-run.ts';
import { findOrInsertGrant, issuingAccount } from './grant-entries.ts';
import { checkGrantFits, checkGrantRequest } from './grant-rules.ts';
import { checkPrincipal, checkServicePrincipal } from './grantee-principal.ts';

export const createGrant: OperationHandler<typeof operation> = (input, context) => {
  const { store, clock, account, region } = context;
  const { KeyId, GrantTokens: _, DryRun, Operations, ...rest } = input;
  const request = { ...rest, Operations: [...new Set(Operations)] };
  checkGrantRequest(request);
  return store.write(() => {
    const key = resolveKey(context, KeyId);
    for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) checkPrincipal(principal, region);
    for (const principal of [input.GranteeServicePrincipal, input.RetiringServicePrincipal]) {
      checkServicePrincipal(principal);
    }
    checkGrantFits(key, request);
    requireState(key, 'CreateGrant');
    endDryRun(DryRun);
    const record = { ...request, IssuingAccount: issuingAccount(account, region), createdMs: clock.now() };
    const { grantId } = findOrInsertGrant(store, key, record);
    return { GrantToken: createGrantToken({ keyArn: key.arn, grantId }), GrantId: grantId };
  });
};
