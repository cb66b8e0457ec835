import { compact } from '../../../shared/declaration/json-object.ts';
import { isInKeyStore } from '../../core/key-origin.ts';
import type { KeyRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from './find-key-store.ts';

interface Request {
  readonly CustomKeyStoreId?: string | undefined;
  readonly XksKeyId?: string | undefined;
  readonly MultiRegion?: boolean | undefined;
}

/**
 * Checks the CreateKey rules for keys in custom key stores, except the rules that depend on a specific key store. The
 * key must be a single-Region symmetric encryption key
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html).
 */
export function checkKeyStoreMembers(input: Request, origin: KeyRecord['origin'], keySpec: string): void {
  requirePresence('CustomKeyStoreId', input.CustomKeyStoreId, origin, isInKeyStore(origin));
  requirePresence('XksKeyId', input.XksKeyId, origin, origin === 'EXTERNAL_KEY_STORE');
  if (!isInKeyStore(origin)) return;
  if (keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('ValidationException', `KeySpec ${keySpec} is not supported for Origin ${origin}`);
  }
  if (input.MultiRegion) {
    throw new KmsError('UnsupportedOperationException', `Origin ${origin} is not supported for multi-Region keys.`);
  }
}

/**
 * Throws ValidationException if a required member is missing, or if the origin does not support a member that is
 * present.
 */
function requirePresence(member: string, value: string | undefined, origin: string, isNeeded: boolean): void {
  if (isNeeded && value === undefined) {
    throw new KmsError('ValidationException', `${member} is required for Origin ${origin}.`);
  }
  if (!isNeeded && value !== undefined) {
    throw new KmsError('ValidationException', `${member} is not valid for Origin ${origin}.`);
  }
}

/**
 * Returns the record members that place a new key in a custom key store. The key store must be connected and match the
 * key's origin. No other key in it may use the same external key.
 */
export function placeInKeyStore(
  context: OperationContext,
  { CustomKeyStoreId, XksKeyId }: Request,
  origin: KeyRecord['origin'],
): Pick<KeyRecord, 'customKeyStoreId' | 'xksKeyId'> {
  if (CustomKeyStoreId === undefined) return {};
  const keyStore = findKeyStore(context, CustomKeyStoreId);
  if (keyStore.record.type !== origin) {
    throw new KmsError(
      'UnsupportedOperationException',
      `Custom key store ${CustomKeyStoreId} of type ${keyStore.record.type} is not valid for Origin ${origin}.`,
    );
  }
  requireConnection(keyStore, 'CONNECTED');
  if (XksKeyId !== undefined) throwIfExternalKeyInUse(context, CustomKeyStoreId, XksKeyId);
  return compact({ customKeyStoreId: CustomKeyStoreId, xksKeyId: XksKeyId });
}

function throwIfExternalKeyInUse({ store, account, region }: OperationContext, keyStoreId: string, id: string): void {
  const keys = store.keys.listInKeyStore(account, region, keyStoreId);
  if (keys.some(({ record }) => record.xksKeyId === id)) {
    throw new KmsError(
      'XksKeyAlreadyInUseException',
      'The external key is already associated with a KMS key in this external key store.',
    );
  }
}
