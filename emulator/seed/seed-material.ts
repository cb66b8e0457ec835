import { createPrivateKey } from 'node:crypto';
import * as z from 'zod/mini';
import { decodeBase64 } from '../../shared/declaration/base64.ts';

/**
 * The schema for key material in a seed. Accepts raw bytes in base64 (symmetric and HMAC keys), a DER-encoded PKCS#8
 * private key in base64, or a PEM private key (`BEGIN PRIVATE KEY` and the other forms that OpenSSL reads).
 * `validateSeed` checks the material against the key spec.
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
      description: 'Raw bytes in base64, a DER-encoded PKCS#8 private key in base64, or a PEM private key',
      pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|-----BEGIN [A-Z ]+-----',
    });

function decodePem(pem: string): Buffer | undefined {
  try {
    return createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
