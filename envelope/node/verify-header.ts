import { useDataKey } from '../data-keys.ts';
import { areEqualBytes } from '../format/byte-writer.ts';
import { checkCommitment } from '../format/commitment-policy.ts';
import type { EncryptedDataKey } from '../format/encrypted-data-keys.ts';
import { matchEncryptionContext } from '../format/encryption-context.ts';
import { createEnvelopeError } from '../format/errors.ts';
import type { MessageHeader } from '../format/header.ts';
import type { OpenOptions } from '../options.ts';
import { decryptGcm, type GcmKey } from './aes-gcm.ts';
import { deriveKeys } from './derive-keys.ts';

/** A header whose tag matches, and the key of the frames. */
export interface VerifiedHeader {
  readonly header: MessageHeader;
  readonly key: GcmKey;
  readonly encryptedDataKey?: EncryptedDataKey;
  readonly isCached: boolean;
}

/** Checks a header against the options, decrypts the data key, and authenticates the header with it. */
export async function verifyHeader(
  header: MessageHeader,
  headerBytes: Uint8Array,
  { dataKeys, commitmentPolicy, encryptionContext: expected }: OpenOptions,
): Promise<VerifiedHeader> {
  const { suite, encryptionContext, encryptedDataKeys } = header;
  checkCommitment(suite, commitmentPolicy);
  matchEncryptionContext(encryptionContext, expected);
  const dataKey = await dataKeys.decrypt({ suite, encryptionContext, encryptedDataKeys });
  const { encryptionKey: key, commitmentKey } = await useDataKey(dataKey, suite, (plaintext) =>
    deriveKeys(suite, plaintext, header.messageId),
  );
  if (commitmentKey && !areEqualBytes(commitmentKey, header.commitmentKey as Uint8Array))
    throw createEnvelopeError('KeyCommitmentMismatch');
  const aad = headerBytes.subarray(0, header.authenticatedBytes);
  if (decryptGcm(key, header.iv, aad, [], header.tag) === undefined)
    throw createEnvelopeError('HeaderAuthenticationFailed');
  const { encryptedDataKey, isCached = false } = dataKey;
  return { header, key, isCached, ...(encryptedDataKey && { encryptedDataKey }) };
}
