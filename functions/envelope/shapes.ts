/** Defines the shapes that the operations for messages share. */
import * as z from 'zod/mini';
import { blob, integer, keyId } from '../../shared/declaration/shapes.ts';

/**
 * The largest plaintext and the largest message. A Lambda event has at most 6 MiB and contains bytes in base64. The rest is
 * for the frames' tags, the message's header and the event's other members.
 */
export const maxPlaintextBytes = 4_500_000;
export const maxMessageBytes = 4_600_000;

/** The number of keys under which a message's data key can be encrypted. Each key requires a request to KMS. */
export const maxKeys = 10;

/**
 * The number of frames of a message to open. The longest message has 4,400 of the shortest frames that Seal creates. With
 * frames of one byte, it would have 160,000, and opening it would take longer than a function may run.
 */
export const maxFrames = 10_000;

export const plaintext = () => blob(0, maxPlaintextBytes);
export const message = () => blob(1, maxMessageBytes);
export const keyIds = (minimum: number, maximum: number) =>
  z.array(keyId()).check(z.minLength(minimum), z.maxLength(maximum));

/**
 * The algorithm suites that new messages use: AES-256-GCM with key commitment, without and with a signature
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html).
 */
export const algorithmSuite = () =>
  z.enum(['ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY', 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384']);

/** The names of AWS (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#concept-commitment-policy). */
export const commitmentPolicy = () => z.enum(['REQUIRE_ENCRYPT_REQUIRE_DECRYPT', 'REQUIRE_ENCRYPT_ALLOW_DECRYPT']);

/** The length of a frame in bytes. Shorter frames would take much time, because each is encrypted separately. */
export const frameLength = () => integer(1_024, maxPlaintextBytes);
