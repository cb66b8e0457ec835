// test/infra/trim.test.ts bundles this file to compare the trimmed SDK with the full SDK.
export * from '@aws-sdk/client-kms';
