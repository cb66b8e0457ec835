import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { KmsError } from '../core/kms-error.ts';

/**
 * A grant token names a grant: base64url of
 *
 *     version(1) ‖ tag(16) ‖ nonce(16) ‖ grantId(32) ‖ key ARN
 *
 * It is opaque to callers and no secret: whoever shows one must still be the grant's grantee
 * (https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html). The tag, a digest with a key that is
 * public, tells ours from anything else; the nonce makes each one new, as AWS's are.
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

export function newGrantToken({ keyArn, grantId }: NamedGrant): string {
  const content = Buffer.concat([randomBytes(nonceBytes), Buffer.from(grantId, 'hex'), Buffer.from(keyArn)]);
  return Buffer.concat([Buffer.of(version), tagOf(content), content]).toString('base64url');
}

/** The grant that a token names; whether it still exists is another matter. Throws InvalidGrantTokenException. */
export function readGrantToken(token: string): NamedGrant {
  const bytes = Buffer.from(token, 'base64url');
  const content = bytes.subarray(1 + tagBytes);
  const tag = bytes.subarray(1, 1 + tagBytes);
  const isForm = bytes[0] === version && tag.length === tagBytes && bytes.toString('base64url') === token;
  if (!isForm || !timingSafeEqual(tag, tagOf(content))) {
    throw new KmsError('InvalidGrantTokenException', 'The grant token is not valid.');
  }
  return {
    grantId: content.subarray(nonceBytes, nonceBytes + grantIdBytes).toString('hex'),
    keyArn: content.subarray(nonceBytes + grantIdBytes).toString(),
  };
}

/** The form of the GrantTokens that any operation may be given. */
export function checkGrantTokens(input: unknown): void {
  const { GrantTokens } = input as { readonly GrantTokens?: readonly string[] };
  for (const token of GrantTokens ?? []) readGrantToken(token);
}

function tagOf(content: Uint8Array): Buffer {
  return createHmac('sha256', tagKey).update(content).digest().subarray(0, tagBytes);
}
