import { encodeBase64 } from '../../shared/declaration/base64.ts';

/** Encodes bytes, or the UTF-8 form of a text, as base64url without padding (RFC 4648 §5). */
export function encodeBase64Url(value: Uint8Array | string): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
