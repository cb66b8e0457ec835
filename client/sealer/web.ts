/**
 * Exports the sealer for browsers and other runtimes with the Web Cryptography API. It seals and opens buffers. Guide:
 * docs/guides/sealing-in-the-client.md.
 */
export { EnvelopeError, readHeader } from '../../envelope/web.ts';
export * from './shared-exports.ts';
export { sealer } from './web/sealer.ts';
