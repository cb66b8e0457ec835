import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { KmsError } from '../core/kms-error.ts';

/**
 * A grant token identifies a grant. It is the base64url encoding of
 *
 *     version(1) ‖ tag(16) ‖ nonce(16) ‖ grantId(32) ‖ key ARN
 *
 * Grant tokens are opaque to callers but not secret, because the caller must still be the grantee
 * (https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html). The tag is an HMAC with a constant
 * key. It distinguishes grant tokens from other text. The nonce makes each token unique, as in AWS KMS.
 */

const version = 1;
const tagBytes = 16;
const nonceBytes = 16;
const grantIdBytes = 32;
const tagKey = 'kms-functions/grant-token/v1';

export interface NamedGrant {
  readonly keyArn: string;
  readonly grantId: string;
}

/** Creates a new grant token. */
export function createGrantToken({ keyArn, grantId }: NamedGrant): string {
  const content = Buffer.concat([randomBytes(nonceBytes), Buffer.from(grantId, 'hex'), Buffer.from(keyArn)]);
  return Buffer.concat([Buffer.of(version), createTag(content), content]).toString('base64url');
}

/**
 * Returns the key ARN and the grant id in a grant token. The grant may no longer exist. Throws
 * InvalidGrantTokenException if the token is not valid.
 */
export function readGrantToken(token: string): NamedGrant {
  const bytes = Buffer.from(token, 'base64url');
  const content = bytes.subarray(1 + tagBytes);
  const tag = bytes.subarray(1, 1 + tagBytes);
  const isWellFormed = bytes[0] === version && tag.length === tagBytes && bytes.toString('base64url') === token;
  if (!isWellFormed || !timingSafeEqual(tag, createTag(content))) {
    throw new KmsError('InvalidGrantTokenException', 'The grant token is not valid.');
  }
  return {
    grantId: content.subarray(nonceBytes, nonceBytes + grantIdBytes).toString('hex'),
    keyArn: content.subarray(nonceBytes + grantIdBytes).toString(),
  };
}

/** Checks the format of a request's GrantTokens. Throws InvalidGrantTokenException. */
export function checkGrantTokens(input: unknown): void {
  const { GrantTokens } = input as { readonly GrantTokens?: readonly string[] };
  for (const token of GrantTokens ?? []) readGrantToken(token);
}

function createTag(content: Uint8Array): Buffer {
  return createHmac('sha256', tagKey).update(content).digest().subarray(0, tagBytes);
}
