import type { AwsOperationName } from '../../functions/all-operations.ts';
import type { Key } from '../core/key-record.ts';

/** The members of a request, with their AWS names. */
export type Members = Readonly<Record<string, unknown>>;
export type EncryptionContext = Readonly<Record<string, string>>;

/** A permission that a request requires: an action on a resource. */
export interface AuthorizationTarget {
  /** `ReEncrypt`. */
  readonly operation: AwsOperationName;
  /** True if KMS accepts the operation on a key in another account. */
  readonly crossAccount: boolean;
  /** `kms:ReEncryptFrom`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly region: string;
  /** The account that owns the resource. */
  readonly account: string;
  readonly input: Members;
  /** The key, if it exists. Without a key, only identity-based policies decide. */
  readonly key?: Key;
  /** The key identifier in the request. */
  readonly identifier?: string | undefined;
  readonly encryptionContext?: EncryptionContext | undefined;
  readonly encryptionAlgorithm?: string | undefined;
  /** Returns whether source and destination are the same key. Only ReEncrypt has this member. */
  isOnSameKey?(): boolean;
  /**
   * True for a key in another account that does not exist. The response is the same as for a key that the caller may
   * not use.
   */
  readonly isAbsent?: boolean;
  /** True if the key was found from a ciphertext and is not named in the request. */
  readonly isFromCiphertext?: boolean;
  /** True if the operation creates the key. The AWS message then omits the resource. */
  readonly isNewKey?: boolean;
}
