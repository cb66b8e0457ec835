import { createPrivateKey } from 'node:crypto';
import * as z from 'zod/mini';
import { decodeBase64 } from '../../shared/declaration/base64.ts';

/**
 * The schema of key material in a seed. Accepts base64 of raw bytes (symmetric and HMAC keys), base64 of a PKCS#8 private
 * key in DER, and a private key in PEM (`BEGIN PRIVATE KEY` and the other forms that OpenSSL reads). `validateSeed` checks
 * it against the key spec.
 */
export const keyMaterial = () =>
  z
    .pipe(
      z.string(),
      z.transform((text: string, context): Uint8Array => {
        const bytes = text.includes('-----BEGIN') ? decodePem(text) : decodeBase64(text);
        if (bytes !== undefined && bytes.length > 0) return bytes;
        context.issues.push({ code: 'invalid_format', format: 'material', input: '' });
        return z.NEVER;
      }),
    )
    .register(z.globalRegistry, {
      description: 'base64 of raw bytes or of PKCS#8 in DER, or a private key in PEM',
      pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|-----BEGIN [A-Z ]+-----',
    });

function decodePem(pem: string): Buffer | undefined {
  try {
    return createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
