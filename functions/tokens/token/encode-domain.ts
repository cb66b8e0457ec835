import type { Normalization } from './normalize-text.ts';

/** Everything that the tokens of one token key have in common. */
export interface TokenDomain {
  readonly version: number;
  /** The caller's tenant, if the deployment has tenants. It is never empty. */
  readonly tenant: string | undefined;
  readonly field: string;
  readonly purpose: string | undefined;
  /** In the order in which they are applied. */
  readonly normalizations: readonly Normalization[];
  readonly length: number;
}

/** Identifies this format. Another format would have another number. */
const label = 'kms-functions/lookup-token/1';

const lengthBytes = 4;

/**
 * Encodes a domain as the message from which KMS derives the token key. Each part follows its length, so that two
 * domains never have the same encoding. A part that is absent is empty.
 */
export function encodeDomain(domain: TokenDomain): Uint8Array {
  const { version, tenant = '', field, purpose = '', normalizations, length } = domain;
  const parts = [label, String(version), tenant, field, purpose, normalizations.join(), String(length)];
  return Buffer.concat(parts.flatMap((part) => [encodeLength(Buffer.byteLength(part)), Buffer.from(part)]));
}

function encodeLength(length: number): Buffer {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
}
