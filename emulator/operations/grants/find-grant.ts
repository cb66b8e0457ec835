import type { Grant } from '../../core/grant-record.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

const grantIdPattern = /^[0-9a-f]{64}$/;

/**
 * Finds a grant by its id. Throws InvalidGrantIdException if the id is malformed, and NotFoundException if the key has
 * no such grant.
 */
export function findGrant(store: Store, key: Key, grantId: string): Grant {
  checkGrantId(grantId);
  const grant = store.grants.find(key.seq, grantId);
  if (grant === undefined) {
    throw new KmsError('NotFoundException', `Grant '${grantId}' of key '${key.arn}' is not found`);
  }
  return grant;
}

/** Throws InvalidGrantIdException if a grant id is present and malformed. */
export function checkGrantId(grantId: string | undefined): void {
  if (grantId !== undefined && !grantIdPattern.test(grantId)) {
    throw new KmsError('InvalidGrantIdException', 'The grant ID is not valid.');
  }
}
