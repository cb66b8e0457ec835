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
 * The stored properties of a key. Its material, aliases, policy and tags are stored separately. Times are milliseconds
 * since 1970.
 */
export interface KeyRecord {
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  readonly origin: 'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  readonly multiRegion: boolean;
  /** The Region of the primary key, for a replica key. The record of the primary key contains the shared properties. */
  replicaOf?: string;
  readonly createdMs: number;
  /** The custom key store that contains the key. */
  readonly customKeyStoreId?: string;
  /** The external key that the key uses. */
  readonly xksKeyId?: string;
  description: string;
  state: KeyState;
  /** The state to which an Unavailable key returns. */
  stateWhenAvailable?: 'Enabled' | 'Disabled';
  deletionMs?: number;
  pendingWindowDays?: number;
  rotation?: Rotation;
  /** The number of on-demand rotations so far. KMS allows 25 per key. */
  onDemandRotations: number;
  /** The earliest ValidTo of the imported materials that are present. */
  materialExpiresMs?: number;
  /** An import token from a seed (`given`), and the emulator's own token that it represents (`sealed`). Both are base64. */
  fixedImportToken?: { readonly given: string; readonly sealed: string };
}

export interface Rotation {
  readonly periodDays: number;
  nextMs: number;
}

/**
 * The stored properties of a key material, which AWS also calls a backing key. Its bytes are sealed and stored
 * separately.
 */
export interface MaterialRecord {
  /**
   * `DETACHED` material still decrypts but is not listed. A seeded key can have such material after it is restored to
   * its seed.
   */
  state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'DETACHED';
  /** The type of the rotation that made this the current material. `undefined` for the first material. */
  rotationType?: 'AUTOMATIC' | 'ON_DEMAND';
  rotationMs?: number;
  /** The ValidTo of imported material that expires. */
  validToMs?: number;
  /** The KeyMaterialDescription of imported material. */
  description?: string;
}

/** A key that was read from the store. Changes to `record` take effect when the key is saved. */
export interface Key {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
  readonly arn: string;
  readonly record: KeyRecord;
}

export const dayMs = 24 * 60 * 60 * 1000;

/** Returns the time of the key's next expiry, rotation or deletion, or `null`. Only an enabled key rotates. */
export function nextDueMs(record: KeyRecord): number | null {
  const dueMs = Math.min(
    record.materialExpiresMs ?? Number.POSITIVE_INFINITY,
    (record.state === 'PendingDeletion' ? record.deletionMs : undefined) ?? Number.POSITIVE_INFINITY,
    (record.state === 'Enabled' ? record.rotation?.nextMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  return dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
}
