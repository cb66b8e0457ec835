/** The exports that the entries for Node.js and for browsers share. */
export type {
  Bytes,
  CommitmentPolicy,
  DataKeyCacheOptions,
  DataKeyUse,
  EncryptionContext,
  EnvelopeErrorCode,
  MessageHeader,
  OpenLimits,
  SuiteName,
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
