import type { KeySpec, KeyUsage } from '../crypto/key-specs.ts';

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

/** What the store keeps of a key beside its material, aliases, policy and tags. Times are milliseconds since 1970. */
export interface KeyRecord {
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  readonly origin: 'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  readonly multiRegion: boolean;
  /** Of a replica of a multi-Region key: the Region of its primary. What they share stands in the primary's record. */
  replicaOf?: string;
  readonly createdMs: number;
  /** The custom key store that the key is in, and the external key behind it. */
  readonly customKeyStoreId?: string;
  readonly xksKeyId?: string;
  description: string;
  state: KeyState;
  /** Of a key that is Unavailable: the state that it returns to. */
  stateWhenAvailable?: 'Enabled' | 'Disabled';
  deletionMs?: number;
  pendingWindowDays?: number;
  rotation?: Rotation;
  /** RotateKeyOnDemand calls so far; AWS allows 25 in a key's life. */
  onDemandRotations: number;
  /** The earliest ValidTo of the imported material that is there. */
  materialExpiresMs?: number;
  /** An import token that a seed gave the key, and the one that it stands for; both base64. */
  fixedImportToken?: { readonly given: string; readonly sealed: string };
}

export interface Rotation {
  readonly periodDays: number;
  nextMs: number;
}

/** What the store keeps of one key material (AWS: backing key) beside its sealed bytes. */
export interface MaterialRecord {
  /** `DETACHED`: still decrypts, but is no part of the key's history (a seeded key laid back to its seed). */
  state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'DETACHED';
  /** How it came to be the current one, for all but the first. */
  rotationType?: 'AUTOMATIC' | 'ON_DEMAND';
  rotationMs?: number;
  /** Of imported material: its ValidTo, where it has one. */
  validToMs?: number;
  /** Of imported material: AWS's KeyMaterialDescription. */
  description?: string;
}

/** A key as the store found it. `record` is the caller's own copy: changes count once they are saved. */
export interface Key {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
  readonly arn: string;
  readonly record: KeyRecord;
}

export const dayMs = 24 * 60 * 60 * 1000;

/** The next moment at which time alone changes the key, or null. A key rotates only while it is enabled. */
export function nextDueMs(record: KeyRecord): number | null {
  const dueMs = Math.min(
    record.materialExpiresMs ?? Number.POSITIVE_INFINITY,
    (record.state === 'PendingDeletion' ? record.deletionMs : undefined) ?? Number.POSITIVE_INFINITY,
    (record.state === 'Enabled' ? record.rotation?.nextMs : undefined) ?? Number.POSITIVE_INFINITY,
  );
  return dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
}
