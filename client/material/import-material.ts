import type { CallOptions } from '../calls/call-operation.ts';
import { isBytes } from '../calls/json-values.ts';
import type { Client } from '../client.ts';
import type { InputFor, OutputFor } from '../operation-types.ts';
import {
  selectWrappingAlgorithm,
  type WrappingAlgorithm,
  type WrappingKeySpec,
  wrapMaterial,
} from './wrap-material.ts';

/** Key material, and the key that receives it. */
export interface ImportMaterialOptions extends Pick<CallOptions, 'signal' | 'timeoutMs'> {
  /** A key id or key ARN, but no alias. The key's origin must be `EXTERNAL`. */
  readonly keyId: string;
  /** 32 bytes for `SYMMETRIC_DEFAULT`, the secret for HMAC keys, and PKCS #8 in DER for private keys. */
  readonly material: Uint8Array;
  /** The time when KMS deletes the material. Default: never. */
  readonly validTo?: Date | undefined;
  /** Default: `RSAES_OAEP_SHA_256`, or `RSA_AES_KEY_WRAP_SHA_256` if the material is too long for it. */
  readonly wrappingAlgorithm?: WrappingAlgorithm | undefined;
  /** Default: `RSA_4096`. */
  readonly wrappingKeySpec?: WrappingKeySpec | undefined;
  /** Whether the material is new for the key, or was imported before. Default: KMS decides. */
  readonly importType?: InputFor<'importKeyMaterial'>['ImportType'];
  readonly description?: string | undefined;
}

/**
 * Imports key material into a key with the origin `EXTERNAL`. Encrypts the material in this process, so that it never
 * leaves the process as plain text. Overwrites its own copies, but not `material`, which belongs to the caller.
 *
 * @example
 * ```ts
 * const { KeyMetadata } = await client.createKey({ Origin: 'EXTERNAL' });
 * const material = crypto.getRandomValues(new Uint8Array(32));
 * await importMaterial(client, { keyId: KeyMetadata.KeyId, material });
 * ```
 */
export async function importMaterial(
  client: Pick<Client, 'getParametersForImport' | 'importKeyMaterial'>,
  options: ImportMaterialOptions,
): Promise<OutputFor<'importKeyMaterial'>> {
  const { keyId, validTo, importType, description, signal, timeoutMs } = options;
  const calls = { signal, timeoutMs };
  const { ImportToken, EncryptedKeyMaterial } = await encryptMaterial(client, options, calls);
  return client.importKeyMaterial(
    {
      KeyId: keyId,
      ImportToken,
      EncryptedKeyMaterial,
      ...(validTo === undefined
        ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
        : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo }),
      ...(importType !== undefined && { ImportType: importType }),
      ...(description !== undefined && { KeyMaterialDescription: description }),
    },
    calls,
  );
}

async function encryptMaterial(
  client: Pick<Client, 'getParametersForImport'>,
  { keyId, material, wrappingAlgorithm: chosen, wrappingKeySpec = 'RSA_4096' }: ImportMaterialOptions,
  calls: CallOptions,
): Promise<Pick<InputFor<'importKeyMaterial'>, 'ImportToken' | 'EncryptedKeyMaterial'>> {
  if (!isBytes(material)) throw new TypeError('`material` must be a Uint8Array.');
  if (material.length === 0) throw new TypeError('`material` must not be empty.');
  const wrappingAlgorithm = selectWrappingAlgorithm(material.length, wrappingKeySpec, chosen);
  // A caller that does not wait may overwrite the material during the request, and zeros must not become the key. WebCrypto
  // also needs a copy of material in shared memory.
  const copy = new Uint8Array(material);
  try {
    const { PublicKey, ImportToken } = await client.getParametersForImport(
      { KeyId: keyId, WrappingAlgorithm: wrappingAlgorithm, WrappingKeySpec: wrappingKeySpec },
      calls,
    );
    return { ImportToken, EncryptedKeyMaterial: await wrapMaterial(copy, PublicKey, wrappingAlgorithm) };
  } finally {
    copy.fill(0);
  }
}
