/** Seals and opens messages in the format of the AWS Encryption SDK, in Node.js. Browsers use `web.ts`. */
export {
  type CacheScope,
  createDataKeyCache,
  type DataKeyCache,
  type DataKeyCacheOptions,
  type DataKeyUse,
} from './data-key-cache.ts';
export type {
  DataKey,
  DataKeys,
  DecryptedDataKey,
  DecryptRequest,
  GenerateRequest,
  SignedDataKeys,
} from './data-keys.ts';
export type { CommitmentPolicy } from './format/commitment-policy.ts';
export { type EncryptedDataKey, kmsProviderId } from './format/encrypted-data-keys.ts';
export type { EncryptionContext } from './format/encryption-context.ts';
export { EnvelopeError, type EnvelopeErrorCode } from './format/errors.ts';
export { type MessageHeader, readHeader } from './format/header.ts';
export { defaultFrameLength, defaultOpenLimits, type OpenLimits } from './format/limits.ts';
export { type AlgorithmSuite, allSuites, defaultSuite, formatSuite, type SuiteName } from './format/suites.ts';
export { openBuffer } from './node/open-buffer.ts';
export { createOpenStream, type OpenStreamOptions } from './node/open-stream.ts';
export { type RewrapOptions, rewrapMessage } from './node/rewrap-message.ts';
export { sealBuffer } from './node/seal-buffer.ts';
export { createSealStream, type SealStreamOptions } from './node/seal-stream.ts';
export type { OpenOptions, OpenResult, SealOptions } from './options.ts';
