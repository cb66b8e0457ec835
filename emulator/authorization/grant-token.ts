import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { KmsError } from '../core/kms-error.ts';

/**
 * A grant token identifies a grant. It is the base64url encoding of
 *
 *     version(1) ‖ tag(16) ‖ nonce(16) ‖ grantId(32) ‖ key ARN
 *
 * It is opaque to callers but not secret: the caller must still be the grantee of the grant
 * (https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html). The tag is a digest with a public
 * key; it distinguishes grant tokens from other text. The nonce makes each token unique, as in AWS KMS.
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

/** Creates a new token for a grant. */
export function createGrantToken({ keyArn, grantId }: NamedGrant): string {
  const content = Buffer.concat([randomBytes(nonceBytes), Buffer.from(grantId, 'hex'), Buffer.from(keyArn)]);
  return Buffer.concat([Buffer.of(version), createTag(content), content]).toString('base64url');
}

/**
 * Returns the ids of the grant that a token identifies. The grant may no longer exist. Throws
 * InvalidGrantTokenException.
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

/** Checks the format of the GrantTokens in a request. Throws InvalidGrantTokenException. */
export function checkGrantTokens(input: unknown): void {
  const { GrantTokens } = input as { readonly GrantTokens?: readonly string[] };
  for (const token of GrantTokens ?? []) readGrantToken(token);
}

function createTag(content: Uint8Array): Buffer {
  return createHmac('sha256', tagKey).update(content).digest().subarray(0, tagBytes);
}
