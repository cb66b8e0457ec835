import { type EncryptedDataKey, kmsProviderId } from '../../envelope/format/encrypted-data-keys.ts';
import { EnvelopeError } from '../../envelope/format/errors.ts';
import type { DecryptedDataKey, DecryptRequest } from '../../envelope/index.ts';
import type { CallOptions } from '../calls/call-operation.ts';
import { KmsFunctionsClientError } from '../errors.ts';
import { invalidOption } from './check-options.ts';
import { type DataKeyFailure, DataKeyUnavailableError } from './errors.ts';
import { isKeyArn, isSameKey, readMultiRegionId } from './key-arns.ts';
import type { SealerSettings } from './settings.ts';

/**
 * Decrypts the first data key that the service accepts, in their order, as AWS's keyrings do
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-discovery-keyring.md#ondecrypt).
 * Throws at the first error that does not depend on the key, such as a lost connection.
 */
export async function decryptDataKey(
  settings: SealerSettings,
  request: DecryptRequest,
  options: CallOptions,
): Promise<DecryptedDataKey> {
  const failures: DataKeyFailure[] = [];
  for (const entry of request.encryptedDataKeys.filter(({ providerId }) => providerId === kmsProviderId)) {
    const result = await decryptEntry(settings, { ...request, entry }, options);
    if ('plaintext' in result) return { ...result, encryptedDataKey: entry };
    failures.push({ ...result, keyArn: isKeyArn(entry.providerInfo) ? entry.providerInfo : 'an invalid key ARN' });
  }
  throw failures.length === 1 ? failures[0]?.error : new DataKeyUnavailableError(failures);
}

interface EntryRequest extends DecryptRequest {
  readonly entry: EncryptedDataKey;
}

type EntryResult = { readonly plaintext: Uint8Array } | { readonly error: Error };

/** Tries all key identifiers for one data key. Returns the most specific error if none succeeds. */
async function decryptEntry(
  settings: SealerSettings,
  request: EntryRequest,
  options: CallOptions,
): Promise<EntryResult> {
  const errors: Error[] = [];
  for (const keyId of listKeyIds(settings, request.entry)) {
    try {
      return { plaintext: await callDecrypt(settings, request, keyId, options) };
    } catch (error) {
      if (!dependsOnKey(error)) throw error;
      errors.push(error);
    }
  }
  const absent = new EnvelopeError('InvalidDataKey', 'The message does not state the ARN of a KMS key.');
  const [error = absent] = errors.toSorted((left, right) => rateSpecificity(right) - rateSpecificity(left));
  return { error };
}

/** Returns the identifiers to try for a data key. `undefined` means that KMS finds the key. */
function listKeyIds(
  { decryptKeyId, keyIds }: SealerSettings,
  { providerInfo: keyArn }: EncryptedDataKey,
): readonly (string | undefined)[] {
  if (!isKeyArn(keyArn)) return [];
  if (decryptKeyId === 'none') return [undefined];
  if (decryptKeyId === 'message') {
    // The id identifies the replica in the service's own Region, which responds even if the Region in the ARN does not.
    const replicaId = readMultiRegionId(keyArn);
    return replicaId === undefined ? [keyArn] : [replicaId, keyArn];
  }
  if (keyIds.length === 0) throw invalidOption('With `decryptKeyId: "sealer"`, create the sealer with `keyId`.');
  return keyIds;
}

async function callDecrypt(
  { client }: SealerSettings,
  { entry, suite, encryptionContext: EncryptionContext }: EntryRequest,
  keyId: string | undefined,
  options: CallOptions,
): Promise<Uint8Array> {
  const { Plaintext, KeyId } = await client.decrypt(
    { CiphertextBlob: entry.ciphertext, EncryptionContext, ...(keyId !== undefined && { KeyId: keyId }) },
    options,
  );
  if (isSameKey(KeyId, entry.providerInfo) && Plaintext.length === suite.dataKeyBytes) return Plaintext;
  Plaintext.fill(0);
  throw new EnvelopeError('InvalidDataKey', 'The data key has another KMS key or length than the message states.');
}

/** The errors of an identifier that does not lead to the message's key, from the least specific. */
const missedKeyCodes: readonly string[] = ['IncorrectKeyException', 'NotFoundException'];

function rateSpecificity(error: Error): number {
  const index = error instanceof KmsFunctionsClientError ? missedKeyCodes.indexOf(error.code) : -1;
  return index < 0 ? missedKeyCodes.length : index;
}

/** Returns whether another data key could succeed. If the service rejects or does not receive any call, none can. */
function dependsOnKey(error: unknown): error is Error {
  if (!(error instanceof KmsFunctionsClientError)) return error instanceof EnvelopeError;
  if (error.code === 'UnsendableRequestError') return true;
  return error.status !== undefined && error.status !== 401 && error.status !== 429;
}
