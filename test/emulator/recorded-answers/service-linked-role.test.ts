import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import { createKey } from '../../support/keys.ts';
import { type Asked, testAnswers } from '../../support/recorded-answers.ts';

/** The user may call KMS but may not create service-linked roles. The other account has no multi-Region key. */
const otherAccount = '222222222222';
const user = {
  AccessKeyId: 'only-kms',
  Arn: `arn:aws:iam::${otherAccount}:user/only-kms`,
  Policies: [
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'kms:*', Resource: '*' },
        { Effect: 'Deny', Action: 'iam:CreateServiceLinkedRole', Resource: '*' },
      ],
    },
  ],
};
const used = useEmulator({ seed: parseSeed({ Version: 1, Keys: [], Principals: [user] }, 'the test seed') });

const ask = async (): Promise<Asked> => {
  return { client: clientFor(used.emulator.endpoint, { account: user.AccessKeyId }), input: { MultiRegion: true } };
};
testAnswers([
  {
    operation: 'CreateKey',
    source: 'replicaPermissions',
    recorded: false,
    situation: "the account's first multi-Region key, and the user may not create service-linked roles",
    ask,
    error: [
      'AccessDeniedException',
      `User: ${user.Arn} is not authorized to perform: iam:CreateServiceLinkedRole on resource: arn:aws:iam::${otherAccount}:role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys with an explicit deny in an identity-based policy`,
    ],
  },
  {
    operation: 'CreateKey',
    source: 'replicaPermissions',
    recorded: true,
    situation: 'another multi-Region key, and the user may not create service-linked roles',
    ask: async () => {
      const asked = await ask();
      await createKey(clientFor(used.emulator.endpoint, { account: otherAccount }), { MultiRegion: true });
      return asked;
    },
    response: { KeyMetadata: { MultiRegion: true } },
  },
]);
