import {
  encryptForRecipient,
  type Recipient,
  readRecipientAttestation,
} from '../../crypto/ciphertext-for-recipient.ts';

/**
 * Plaintext on its way out: as it is, or for an attested environment only
 * (https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html). `plaintext` names its member.
 */
export type Delivery = <Member extends string>(
  member: Member,
  plaintext: Uint8Array,
) => { [name in Member]?: Uint8Array } & { CiphertextForRecipient?: Uint8Array };

/** Reads the attestation document, if there is one, before anything is done. */
export function createDelivery(recipient: Recipient | undefined): Delivery {
  if (recipient === undefined) return (member, plaintext) => ({ [member]: plaintext }) as never;
  const attestation = readRecipientAttestation(recipient);
  return (_, plaintext) => ({ CiphertextForRecipient: encryptForRecipient(attestation, plaintext) }) as never;
}
