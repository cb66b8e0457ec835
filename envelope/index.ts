/** Seals and opens messages in the format of the AWS Encryption SDK, in Node.js. Browsers use `web.ts`. */
export type { SignedDataKeys } from './data-keys.ts';
export { openBuffer } from './node/open-buffer.ts';
export { createOpenStream, type OpenStreamOptions } from './node/open-stream.ts';
export { type RewrapOptions, rewrapMessage } from './node/rewrap-message.ts';
export { sealBuffer } from './node/seal-buffer.ts';
export { createSealStream, type SealStreamOptions } from './node/seal-stream.ts';
export * from './shared-exports.ts';
