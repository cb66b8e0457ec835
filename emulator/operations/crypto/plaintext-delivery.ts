import {
  encryptForRecipient,
  type Recipient,
  readRecipientAttestation,
} from '../../crypto/ciphertext-for-recipient.ts';

/** Builds the member of a response that contains a plaintext: `member`, or CiphertextForRecipient. */
export type Delivery = <Member extends string>(
  member: Member,
  plaintext: Uint8Array,
) => { [name in Member]?: Uint8Array } & { CiphertextForRecipient?: Uint8Array };

/**
 * Creates the delivery that a request asks for: the plaintext itself, or encrypted for an attested environment
 * (https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html). Call it first: a
 * malformed attestation document is rejected before anything else is done.
 */
export function createDelivery(recipient: Recipient | undefined): Delivery {
  if (recipient === undefined) return (member, plaintext) => ({ [member]: plaintext }) as never;
  const attestation = readRecipientAttestation(recipient);
  return (_, plaintext) => ({ CiphertextForRecipient: encryptForRecipient(attestation, plaintext) }) as never;
}
