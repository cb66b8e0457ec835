import type { Lists, Methods } from './methods.ts';

/** The name of a `client.paginate` method. */
export type PagedName = keyof Lists;

/**
 * Provides one method per operation, with the same name as the operation's function. A method accepts the AWS request
 * and resolves to the AWS response (https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html). Bytes are
 * `Uint8Array` values, and times are `Date` values.
 *
 * A method rejects with:
 * - a `KmsFunctionsClientError` if the call fails
 * - a `TypeError` if a value has the wrong type for its member
 * - the reason of `signal` if the caller aborts the call
 *
 * @example
 * ```ts
 * const { CiphertextBlob } = await client.encrypt({
 *   KeyId: 'alias/app',
 *   Plaintext: new TextEncoder().encode('the secret'),
 * });
 * ```
 */
export interface Client extends Methods {
  /**
   * Methods that read lists page by page.
   *
   * @example
   * ```ts
   * for await (const key of client.paginate.listKeys().items()) console.log(key.KeyId);
   * ```
   */
  readonly paginate: Lists;
}
