// Bundled by a test as a function is, to set the SDK beside what is left of it in a bundle.
export * from '@aws-sdk/client-kms';
