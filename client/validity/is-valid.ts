import type { CallOptions } from '../calls/call-operation.ts';
import { isBytes } from '../calls/json-values.ts';
import type { Client } from '../client.ts';
import { KmsFunctionsClientError } from '../errors.ts';
import type { InputFor } from '../operation-types.ts';

/** The lengths of MACs (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html#hmac-key-specs). */
const macBytes: Readonly<Record<InputFor<'verifyMac'>['MacAlgorithm'], number>> = {
  HMAC_SHA_224: 28,
  HMAC_SHA_256: 32,
  HMAC_SHA_384: 48,
  HMAC_SHA_512: 64,
};

/** The longest signature that Verify accepts (https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html). */
const maxSignatureBytes = 6_144;

/**
 * Returns whether a MAC belongs to a message. A MAC of the wrong length is not valid, and is not sent. Rejects like
 * `client.verifyMac` if the service cannot decide, for example because the key does not exist.
 *
 * @example
 * ```ts
 * if (!(await isValidMac(client, { KeyId: 'alias/webhooks', Message, Mac, MacAlgorithm: 'HMAC_SHA_256' }))) return 401;
 * ```
 */
export async function isValidMac(
  client: Pick<Client, 'verifyMac'>,
  input: InputFor<'verifyMac'>,
  options?: CallOptions,
): Promise<boolean> {
  const { Mac, MacAlgorithm } = input;
  const expectedBytes = Object.hasOwn(macBytes, MacAlgorithm) ? macBytes[MacAlgorithm] : undefined;
  if (isBytes(Mac) && expectedBytes !== undefined && Mac.length !== expectedBytes) return false;
  return falseFor('KMSInvalidMacException', async () => (await client.verifyMac(input, options)).MacValid);
}

/**
 * Returns whether a signature belongs to a message. An empty signature, and one that is longer than any signature, is not
 * valid, and is not sent. Rejects like `client.verify` if the service cannot decide, for example because the key does not
 * exist.
 *
 * @example
 * ```ts
 * const isGenuine = await isValidSignature(client, { KeyId, Message, Signature, SigningAlgorithm: 'ECDSA_SHA_256' });
 * ```
 */
export async function isValidSignature(
  client: Pick<Client, 'verify'>,
  input: InputFor<'verify'>,
  options?: CallOptions,
): Promise<boolean> {
  const { Signature } = input;
  if (isBytes(Signature) && (Signature.length === 0 || Signature.length > maxSignatureBytes)) return false;
  return falseFor('KMSInvalidSignatureException', async () => (await client.verify(input, options)).SignatureValid);
}

/** Returns `false` if the call rejects with the code. All other errors are passed on. */
async function falseFor(
  code: 'KMSInvalidMacException' | 'KMSInvalidSignatureException',
  call: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof KmsFunctionsClientError && error.code === code) return false;
    throw error;
  }
}
