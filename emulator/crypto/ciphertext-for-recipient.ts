import { KmsError } from '../core/kms-error.ts';
import { type AttestationDocument, readAttestationDocument } from './formats/attestation-document.ts';
import { createEnvelopedData } from './formats/enveloped-data.ts';

/**
 * The Recipient member of a request. If it is present, KMS returns the plaintext as CiphertextForRecipient, which only
 * the attested environment can decrypt.
 * https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html
 */
export interface Recipient {
  readonly KeyEncryptionAlgorithm?: string | undefined;
  readonly AttestationDocument?: Uint8Array | undefined;
}

/**
 * Reads a Recipient's attestation document. The `kms:RecipientAttestation:…` condition keys also use this function.
 * Throws ValidationException if the algorithm is unknown, or if the document is missing or malformed.
 */
export function readRecipientAttestation(recipient: Recipient): AttestationDocument {
  const { KeyEncryptionAlgorithm: algorithm, AttestationDocument: document } = recipient;
  if (algorithm !== 'RSAES_OAEP_SHA_256') {
    throw new KmsError('ValidationException', 'Recipient.KeyEncryptionAlgorithm must be RSAES_OAEP_SHA_256.');
  }
  if (document === undefined || document.length === 0) {
    throw new KmsError('ValidationException', 'Recipient.AttestationDocument is missing.');
  }
  return readAttestationDocument(document);
}

/** Encrypts the plaintext as CMS EnvelopedData under the public key of the attestation document. */
export function encryptForRecipient(attestation: AttestationDocument, plaintext: Uint8Array): Buffer {
  return createEnvelopedData(attestation.publicKey, plaintext);
}
