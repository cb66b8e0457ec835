import {
  encryptForRecipient,
  type Recipient,
  readRecipientAttestation,
} from '../../crypto/ciphertext-for-recipient.ts';

/**
 * Builds the response member that contains the plaintext: `member`, or CiphertextForRecipient for an attested
 * environment.
 */
export type Delivery = <Member extends string>(
  member: Member,
  plaintext: Uint8Array,
) => { [name in Member]?: Uint8Array } & { CiphertextForRecipient?: Uint8Array };

/**
 * Creates the function that builds the plaintext member of a response. If the request contains a Recipient, the
 * function encrypts the plaintext for the attested environment
 * (https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html). Call `createDelivery` first,
 * so that a malformed attestation document is rejected before any other check.
 */
export function createDelivery(recipient: Recipient | undefined): Delivery {
  if (recipient === undefined) return (member, plaintext) => ({ [member]: plaintext }) as never;
  const attestation = readRecipientAttestation(recipient);
  return (_, plaintext) => ({ CiphertextForRecipient: encryptForRecipient(attestation, plaintext) }) as never;
}
