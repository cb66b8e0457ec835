import {
  encryptForRecipient,
  type Recipient,
  readRecipientAttestation,
} from '../../crypto/ciphertext-for-recipient.ts';

/** Builds the response member that contains the plaintext: `member` or CiphertextForRecipient. */
export type Delivery = <Member extends string>(
  member: Member,
  plaintext: Uint8Array,
) => { [name in Member]?: Uint8Array } & { CiphertextForRecipient?: Uint8Array };

/**
 * Creates the delivery for a request: the plaintext itself, or the plaintext encrypted for an attested environment
 * (https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html). Call it first, so that a
 * malformed attestation document is rejected before anything else happens.
 */
export function createDelivery(recipient: Recipient | undefined): Delivery {
  if (recipient === undefined) return (member, plaintext) => ({ [member]: plaintext }) as never;
  const attestation = readRecipientAttestation(recipient);
  return (_, plaintext) => ({ CiphertextForRecipient: encryptForRecipient(attestation, plaintext) }) as never;
}
