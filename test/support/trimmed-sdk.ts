// A test bundles this file like a function, to compare the complete SDK with the part in a bundle.
export * from '@aws-sdk/client-kms';
