import type { Lists, Methods } from './methods.ts';

/** The names of the methods of `client.paginate`. */
export type PagedName = keyof Lists;

/**
 * One method per operation, named after its function. A method accepts the AWS request and resolves to the AWS response
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html). Bytes are `Uint8Array`, times are `Date`.
 *
 * A method rejects with
 * - a `KmsFunctionsClientError` if the call fails,
 * - a `TypeError` if a value does not have the type of its member,
 * - the reason of `signal` if the caller aborts the call.
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
