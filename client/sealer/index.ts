/**
 * Exports the sealer for Node.js, which seals and opens data of any size with data keys from the service. The browser's
 * entry is web.ts. Guide: docs/guides/sealing-in-the-client.md.
 */
export { EnvelopeError, readHeader } from '../../envelope/index.ts';
export type { FileLengths, FileOptions, FileSource, OpenedFile, Progress, SealedFile } from './node/files.ts';
export type { FilePath, ReplaceOptions } from './node/replace-file.ts';
export { type Sealer, sealer } from './node/sealer.ts';
export type { OpenStreamOptions, SealStreamOptions, WebStreamPair } from './node/streams.ts';
export * from './shared-exports.ts';
