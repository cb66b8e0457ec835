import { KmsError } from '../core/kms-error.ts';
import { type AttestationDocument, readAttestationDocument } from './formats/attestation-document.ts';
import { envelopData } from './formats/enveloped-data.ts';

/**
 * The Recipient parameter: the answer's plaintext goes to an attested environment only, as CiphertextForRecipient.
 * https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html
 */
export type Recipient = {
  readonly KeyEncryptionAlgorithm?: string | undefined;
  readonly AttestationDocument?: Uint8Array | undefined;
};

/** The document of a Recipient, for the conditions `kms:RecipientAttestation:…` too; ValidationException otherwise. */
export function attestationOf(recipient: Recipient): AttestationDocument {
  const { KeyEncryptionAlgorithm: algorithm, AttestationDocument: document } = recipient;
  if (algorithm !== 'RSAES_OAEP_SHA_256') {
    throw new KmsError('ValidationException', 'Recipient.KeyEncryptionAlgorithm must be RSAES_OAEP_SHA_256.');
  }
  if (document === undefined || document.length === 0) {
    throw new KmsError('ValidationException', 'Recipient.AttestationDocument is missing.');
  }
  return readAttestationDocument(document);
}

/** CiphertextForRecipient: CMS EnvelopedData under the public key of the attestation document. */
export function encryptForRecipient(attestation: AttestationDocument, plaintext: Uint8Array): Buffer {
  return envelopData(attestation.publicKey, plaintext);
}
