import { createUnsupportedOrigin } from '../../core/key-origin.ts';
import type { Key, KeyRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import type { Store } from '../../store/store.ts';
import type { KeyMetadata } from '../keys/key-metadata.ts';
import { findKeyStore, findKeyStoreOfKey, requireConnection } from './find-key-store.ts';

interface Request {
  readonly CustomKeyStoreId?: string | undefined;
  readonly XksKeyId?: string | undefined;
  readonly MultiRegion?: boolean | undefined;
}

export function isInKeyStore(origin: KeyRecord['origin']): boolean {
  return origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE';
}

/**
 * The rules of CreateKey for a key in a custom key store that need no key store
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html): a symmetric encryption key of one Region.
 */
export function checkKeyStoreRequest(input: Request, origin: KeyRecord['origin'], keySpec: string): void {
  requireTogether('CustomKeyStoreId', input.CustomKeyStoreId, origin, isInKeyStore(origin));
  requireTogether('XksKeyId', input.XksKeyId, origin, origin === 'EXTERNAL_KEY_STORE');
  if (!isInKeyStore(origin)) return;
  if (keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('ValidationException', `KeySpec ${keySpec} is not supported for Origin ${origin}`);
  }
  if (input.MultiRegion) {
    throw new KmsError('UnsupportedOperationException', `Origin ${origin} is not supported for multi-Region keys.`);
  }
}

function requireTogether(member: string, value: string | undefined, origin: string, belongs: boolean): void {
  if (belongs && value === undefined) {
    throw new KmsError('ValidationException', `${member} is required for Origin ${origin}.`);
  }
  if (!belongs && value !== undefined) {
    throw new KmsError('ValidationException', `${member} is not valid for Origin ${origin}.`);
  }
}

/** Where a new key is kept: in a connected key store of its origin, under an external key of its own. */
export function resolveKeyStore(
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
  if (XksKeyId === undefined) return { customKeyStoreId: CustomKeyStoreId };
  const keys = context.store.keys.listInKeyStore(context.account, context.region, CustomKeyStoreId);
  if (keys.some(({ record }) => record.xksKeyId === XksKeyId)) {
    throw new KmsError(
      'XksKeyAlreadyInUseException',
      'The external key is already associated with a KMS key in this external key store.',
    );
  }
  return { customKeyStoreId: CustomKeyStoreId, xksKeyId: XksKeyId };
}

/** What KMS does with its own material alone: rotation, data key pairs. */
export function throwIfInKeyStore(key: Key): void {
  if (isInKeyStore(key.record.origin)) {
    throw createUnsupportedOrigin(key);
  }
}

/** The members of KeyMetadata that only keys in custom key stores have. */
export function buildKeyStoreMembers(store: Store, key: Key): Partial<KeyMetadata> {
  const { customKeyStoreId, xksKeyId } = key.record;
  if (customKeyStoreId === undefined) return {};
  return {
    CustomKeyStoreId: customKeyStoreId,
    CloudHsmClusterId: findKeyStoreOfKey(store, key)?.record.clusterId,
    XksKeyConfiguration: xksKeyId === undefined ? undefined : { Id: xksKeyId },
  };
}
