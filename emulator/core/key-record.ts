import type { KeySpec, KeyUsage } from './key-spec.ts';

export type { KeySpec, KeyUsage };

export type KeyState =
  | 'Creating'
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Updating';

/**
 * A key's stored properties, except its material, aliases, policy and tags. All times are in milliseconds since 1970.
 */
export interface KeyRecord {
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  readonly origin: 'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  readonly multiRegion: boolean;
  /** `AWS` for an AWS managed key. Absent for a customer managed key. */
  readonly manager?: 'AWS';
  /** For a replica key, the Region of its primary key. The primary key's record contains the shared properties. */
  replicaOf?: string;
  readonly createdMs: number;
  /** The custom key store that contains the key. */
  readonly customKeyStoreId?: string;
  /** The id of the external key that backs this key. */
  readonly xksKeyId?: string;
  description: string;
  state: KeyState;
  /** The state that an Unavailable key returns to when its key store connects. */
  stateWhenAvailable?: 'Enabled' | 'Disabled';
  deletionMs?: number;
  pendingWindowDays?: number;
  rotation?: Rotation;
  /** The number of on-demand rotations so far. KMS allows 25 per key. */
  onDemandRotations: number;
  /** The earliest ValidTo among the imported materials that are present. */
  materialExpiresMs?: number;
  /** An import token from a seed (`given`) and the emulator's own token that replaces it (`sealed`), both in base64. */
  fixedImportToken?: { readonly given: string; readonly sealed: string };
}

export interface Rotation {
  readonly periodDays: number;
  nextMs: number;
}

/**
 * The stored properties of key material, which AWS also calls a backing key. The bytes are encrypted and stored
 * separately.
 */
export interface MaterialRecord {
  /**
   * `DETACHED` material can still be used to decrypt, but ListKeyRotations does not return it. Restoring the seed can
   * leave a key with such material.
   */
  state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'DETACHED';
  /** The type of rotation that made this material current, or `undefined` for the key's first material. */
  rotationType?: 'AUTOMATIC' | 'ON_DEMAND';
  rotationMs?: number;
  /** The ValidTo of the imported material, if it expires. */
  validToMs?: number;
  /** The KeyMaterialDescription of the imported material. */
  description?: string;
}

/** A key read from the store. Changes to `record` take effect when the key is saved. */
export interface Key {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
  readonly arn: string;
  readonly record: KeyRecord;
}

export const dayMs = 24 * 60 * 60 * 1000;

/**
 * Returns the time of the key's next scheduled expiry, rotation or deletion, or `null` if nothing is scheduled. Only
 * enabled keys rotate.
 */
export function nextDueMs(record: KeyRecord): number | null {
  const dueMs = Math.min(
    record.materialExpiresMs ?? Number.POSITIVE_INFINITY,
    (record.state === 'PendingDeletion' ? record.deletionMs : undefined) ?? Number.POSITIVE_INFINITY,
    (record.state === 'Enabled' ? record.rotation?.nextMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  return dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
}
