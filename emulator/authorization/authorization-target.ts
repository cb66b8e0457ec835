import type { AwsOperationName } from '../../functions/all-operations.ts';
import type { Key } from '../core/key-record.ts';

/** A request's members, with their AWS names. */
export type Members = Readonly<Record<string, unknown>>;
export type EncryptionContext = Readonly<Record<string, string>>;

/** A permission that a request requires: an action on a resource. */
export interface AuthorizationTarget {
  /** The operation, such as `ReEncrypt`. For an operation of another service, its action. */
  readonly operation: AwsOperationName | 'tag:GetResources';
  /** True if KMS supports the operation on keys in other accounts. */
  readonly crossAccount: boolean;
  /** The action, such as `kms:ReEncryptFrom`. */
  readonly action: string;
  /** The resource's ARN, or `*`. */
  readonly resource: string;
  readonly region: string;
  /** The account that owns the resource. */
  readonly account: string;
  readonly input: Members;
  /** The key, if it exists. Without a key, only identity-based policies apply. */
  readonly key?: Key;
  /** The key identifier in the request. */
  readonly identifier?: string | undefined;
  readonly encryptionContext?: EncryptionContext | undefined;
  readonly encryptionAlgorithm?: string | undefined;
  /** Returns whether the source key and the destination key are the same. Only ReEncrypt has this member. */
  isOnSameKey?(): boolean;
  /**
   * True if the key is in another account and does not exist. The response is the same as for a key that the caller is
   * not allowed to use.
   */
  readonly isAbsent?: boolean;
  /** True if only the ciphertext identifies the key. */
  readonly isFromCiphertext?: boolean;
  /** True if the operation creates the key. AWS then omits the resource from the message. */
  readonly isNewKey?: boolean;
}
