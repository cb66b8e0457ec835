// Bundled in test/infra/trim.test.ts to compare the trimmed SDK with the SDK.
export * from '@aws-sdk/client-kms';
