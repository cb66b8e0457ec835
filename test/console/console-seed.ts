import type { SeedInput } from '../../emulator/index.ts';

export const invoicesKeyId = '11111111-1111-4111-8111-111111111111';

/** The keys and principals in the tests of the console. */
export const consoleSeed: SeedInput = {
  Version: 1,
  Keys: [
    {
      KeyId: invoicesKeyId,
      Description: 'Encrypts invoices',
      Aliases: ['alias/invoices'],
      Tags: [{ TagKey: 'team', TagValue: 'billing' }],
      Rotation: { RotationPeriodInDays: 365 },
    },
  ],
  Principals: [
    {
      AccessKeyId: 'AKIABILLING',
      Arn: 'arn:aws:iam::000000000000:role/team/billing',
      Policies: [
        {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'EncryptOnly',
              Effect: 'Allow',
              Action: ['kms:Encrypt', 'kms:DescribeKey', 'kms:List*', 'kms:Get*'],
              Resource: '*',
            },
          ],
        },
      ],
    },
  ],
};
