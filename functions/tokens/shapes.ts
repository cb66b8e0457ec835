/** Defines the shapes that the operations for lookup tokens share. */
import * as z from 'zod/mini';
import type { ErrorCode } from '../../shared/declaration/error-catalogue.ts';
import { blob, grantTokens, integer, keyId, text } from '../../shared/declaration/shapes.ts';
import { generateMac } from '../crypto/generate-mac/operation.ts';

/** The largest value, in characters of a text or in bytes. KMS has the same limit for a message. */
const maxValueLength = 4096;

/**
 * The number of values in a batch. With the longest references, and with tokens of all versions, the response has about
 * 3 MB. A Lambda function's response has at most 6 MB.
 */
export const maxItems = 2_000;

/** The versions before the current one for which a request also returns tokens. Each version requires a request to KMS. */
const maxPreviousVersions = 4;

/** A name in ASCII, so that equal names always have equal bytes. */
const name = () => text(1, 128, /^[A-Za-z0-9_.:/-]+$/);

export const value = () => text(1, maxValueLength);
export const valueBytes = () => blob(1, maxValueLength);
export const normalization = () => z.array(z.enum(['TRIM', 'NFC', 'LOWER_CASE'])).check(z.maxLength(3));

/** The members that select the keys and the form of the tokens. They are the same for all values of a batch. */
export const settings = () => ({
  KeyId: keyId(),
  Field: name(),
  Purpose: z.optional(name()),
  Normalization: z.optional(normalization()),
  TokenLength: z.optional(integer(2, 64)),
  TokenVersion: z.optional(integer(1, 9_999)),
  PreviousKeyIds: z.optional(z.array(keyId()).check(z.maxLength(maxPreviousVersions))),
  GrantTokens: z.optional(grantTokens()),
});

export const token = () => z.string();
export const previousTokens = () => z.array(z.string());

/** The errors of GenerateMac, without that of a dry run. */
export const errors: readonly ErrorCode[] = generateMac.errors.filter((code) => code !== 'DryRunOperationException');
