/** Seals and opens messages in the format of the AWS Encryption SDK in browsers, with WebCrypto. */
export * from './shared-exports.ts';
export { openBuffer } from './web/open-buffer.ts';
export { sealBuffer } from './web/seal-buffer.ts';
