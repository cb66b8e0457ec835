import type { AwsOperationName } from '../../functions/all-operations.ts';
import type { Key } from '../core/key-record.ts';

/** The members of a request, by AWS's names. */
export type Members = Readonly<Record<string, unknown>>;
export type EncryptionContext = Readonly<Record<string, string>>;

/** One permission that a request needs: an action on a resource. */
export interface AuthorizationTarget {
  /** `ReEncrypt`. */
  readonly operation: AwsOperationName;
  /** Whether KMS accepts the operation on a key of another account. */
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
  /** For ReEncrypt only: returns whether source and destination are the same key. */
  isOnSameKey?(): boolean;
  /** A key of another account that does not exist. The response is the same as for a key that the caller may not use. */
  readonly isAbsent?: boolean;
  /** The key was found by a ciphertext, not named by the request. */
  readonly isFromCiphertext?: boolean;
  /** The operation creates this key. AWS's message then names no resource. */
  readonly isNewKey?: boolean;
}
