/**
 * Exports the sealer for browsers and other runtimes with the Web Cryptography API. It seals and opens buffers. Guide:
 * docs/guides/sealing-in-the-client.md.
 */
export {
  type CommitmentPolicy,
  type DataKeyCacheOptions,
  type DataKeyUse,
  type EncryptionContext,
  EnvelopeError,
  type EnvelopeErrorCode,
  type MessageHeader,
  type OpenLimits,
  readHeader,
  type SuiteName,
} from '../../envelope/web.ts';
export type { BufferSealer } from './buffer-sealer.ts';
export { type DataKeyFailure, DataKeyUnavailableError } from './errors.ts';
export type {
  DecryptKeyId,
  KeyClient,
  MessageOptions,
  OpenedMessage,
  OpenInfo,
  SealedMessage,
  SealerConnection,
  SealerDefaults,
  SealerOptions,
  SealInfo,
} from './options.ts';
export { sealer } from './web/sealer.ts';
