/** The exports that the entries for Node.js and for browsers share. */
export {
  type CacheScope,
  createDataKeyCache,
  type DataKeyCache,
  type DataKeyCacheOptions,
  type DataKeyUse,
} from './data-key-cache.ts';
export type { DataKey, DataKeys, DecryptedDataKey, DecryptRequest, GenerateRequest } from './data-keys.ts';
export type { Bytes } from './format/byte-writer.ts';
export type { CommitmentPolicy } from './format/commitment-policy.ts';
export { type EncryptedDataKey, kmsProviderId } from './format/encrypted-data-keys.ts';
export type { EncryptionContext } from './format/encryption-context.ts';
export { EnvelopeError, type EnvelopeErrorCode } from './format/errors.ts';
export { type MessageHeader, readHeader } from './format/header.ts';
export { defaultFrameLength, defaultOpenLimits, type OpenLimits } from './format/limits.ts';
export { type AlgorithmSuite, allSuites, defaultSuite, formatSuite, type SuiteName } from './format/suites.ts';
export type { OpenOptions, OpenResult, SealOptions } from './options.ts';
