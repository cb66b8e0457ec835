import type { retireGrant as operation } from '../../../functions/grants/retire-grant/operation.ts';
import { readGrantToken } from '../../authorization/grant-token.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { findGrant } from './find-grant.ts';

/** Retires a grant. The request identifies the grant by its token, or by its key and grant id. */
export const retireGrant: OperationHandler<typeof operation> = (input, context) => {
  const { GrantToken, KeyId, GrantId } = input;
  const isByToken = GrantToken !== undefined && KeyId === undefined && GrantId === undefined;
  const isById = GrantToken === undefined && KeyId !== undefined && GrantId !== undefined;
  if (!isByToken && !isById) {
    throw new KmsError(
      'ValidationException',
      'You must specify either a grant token, or both a key ID and a grant ID.',
    );
  }
  const named = isByToken ? readGrantToken(GrantToken) : { keyArn: KeyId ?? '', grantId: GrantId ?? '' };
  const { store } = context;
  store.write(() => {
    const grant = findGrant(store, resolveKey(context, named.keyArn, { operation: 'RetireGrant' }), named.grantId);
    throwIfDryRun(input.DryRun);
    store.grants.remove(grant);
  });
  return {};
};
