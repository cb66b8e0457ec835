import type { retireGrant as operation } from '../../../functions/grants/retire-grant/operation.ts';
import type { Action } from '../../action.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { readGrantToken } from '../../keys/grant-token.ts';
import { findGrant } from '../../keys/grants.ts';
import { KmsError } from '../../protocol/kms-error.ts';

/** The grant is named by a token, or by its key and its id. */
export const retireGrant: Action<typeof operation> = (input, context) => {
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
    const grant = findGrant(store, findKeyWithoutAlias(context, named.keyArn, 'RetireGrant'), named.grantId);
    endDryRun(input.DryRun);
    store.grants.remove(grant);
  });
  return {};
};
