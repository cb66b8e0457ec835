import type { Key } from '../core/key-record.ts';

/** A request's members, by AWS's names. */
export type Members = Readonly<Record<string, unknown>>;
export type EncryptionContext = Readonly<Record<string, string>>;

/** One thing that a request asks permission for: an action on a resource. */
export interface Subject {
  /** `ReEncrypt`. */
  readonly operation: string;
  /** `kms:ReEncryptFrom`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly region: string;
  /** The account that the resource is in. */
  readonly account: string;
  readonly input: Members;
  /** A key that is there; without one, identity policies decide alone. */
  readonly key?: Key;
  /** The key as the request names it. */
  readonly identifier?: string | undefined;
  readonly encryptionContext?: EncryptionContext | undefined;
  readonly encryptionAlgorithm?: string | undefined;
  /** Of ReEncrypt: whether both keys are one. */
  isOnSameKey?(): boolean;
  /** A key of another account that is not there, which is told as if it were not to be used. */
  readonly isAbsent?: boolean;
  /** A key that a ciphertext tells, and the request does not name. */
  readonly isFromCiphertext?: boolean;
  /** A key that is not made yet: AWS's messages name no resource. */
  readonly isToBe?: boolean;
}
