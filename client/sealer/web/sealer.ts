import { createDataKeyCache, openBuffer, sealBuffer } from '../../../envelope/web.ts';
import { type BufferSealer, createBufferSealer } from '../buffer-sealer.ts';
import type { SealerOptions } from '../options.ts';
import { resolveSettings } from '../settings.ts';

/**
 * Creates a sealer, which encrypts data in this page. Data keys come from the service. The messages have the format of
 * the AWS Encryption SDK. The page needs the Web Cryptography API, which browsers provide over HTTPS and on localhost.
 *
 * @example
 * ```ts
 * const notes = sealer({ transport: http({ endpoint: 'http://localhost:3000' }), keyId: 'alias/app' });
 * const { message } = await notes.seal(bytes, { encryptionContext: { note: '42' } });
 * const { plaintext } = await notes.open(message, { encryptionContext: { note: '42' } });
 * ```
 */
export function sealer(options: SealerOptions): BufferSealer {
  return createBufferSealer({ sealBuffer, openBuffer }, resolveSettings(options, createDataKeyCache));
}
