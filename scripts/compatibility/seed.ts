import type { SeedInput } from '../../emulator/index.ts';

/** The access key id of a principal that may only decrypt. */
export const readerAccessKeyId = 'AKIAREADER';

export const seed: SeedInput = {
  Version: 1,
  UndeclaredPrincipals: 'root',
  Keys: [],
  Principals: [
    {
      AccessKeyId: readerAccessKeyId,
      Arn: 'arn:aws:iam::000000000000:role/reader',
      Policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }] }],
    },
  ],
};
