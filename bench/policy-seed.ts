/** A user whose access depends on a key policy with five statements and on two identity-based policies. */
const user = 'arn:aws:iam::000000000000:user/bench';
const toAccount = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::000000000000:root' },
  Action: 'kms:*',
  Resource: '*',
};
const others = ['one', 'two', 'three', 'four'].map((name) => ({
  Effect: name === 'four' ? 'Deny' : 'Allow',
  Principal: { AWS: `arn:aws:iam::000000000000:user/${name}` },
  Action: ['kms:Encrypt', 'kms:Decrypt'],
  Resource: '*',
  Condition: { StringEquals: { 'kms:EncryptionContext:purpose': name } },
}));

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

export const keyPolicy = policy(toAccount, ...others);
export const accessKeyId = 'bench';
export const seed = {
  Version: 1,
  Keys: [],
  Principals: [
    {
      AccessKeyId: accessKeyId,
      Arn: user,
      Policies: [
        policy({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }),
        policy({
          Effect: 'Allow',
          Action: 'kms:Encrypt',
          Resource: 'arn:aws:kms:*:000000000000:key/*',
          Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
        }),
      ],
    },
  ],
};
