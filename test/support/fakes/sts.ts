import type { OperationRules } from './rule.ts';

export interface AssumeRoleRequest {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds: number;
  readonly Policy?: string;
}

export const assumeRoleRules: OperationRules<AssumeRoleRequest> = {
  source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
  members: { RoleArn: 'string', RoleSessionName: 'string', DurationSeconds: 'integer', Policy: 'string?' },
  rules: [
    {
      title: 'RoleArn is the ARN of a role',
      error: 'ValidationError',
      isMet: ({ RoleArn }) => /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(RoleArn),
    },
    {
      title: 'RoleSessionName has 2 to 64 letters, digits and the characters _ + = , . @ -',
      error: 'ValidationError',
      isMet: ({ RoleSessionName }) => /^[\w+=,.@-]{2,64}$/.test(RoleSessionName),
    },
    {
      title: 'DurationSeconds is 900 to 43,200',
      error: 'ValidationError',
      isMet: ({ DurationSeconds }) => DurationSeconds >= 900 && DurationSeconds <= 43_200,
    },
    {
      title: 'Policy has 1 to 2,048 characters',
      error: 'ValidationError',
      isMet: ({ Policy = '{}' }) => Policy.length >= 1 && Policy.length <= 2_048,
    },
    {
      title: 'Policy is a JSON policy with version 2012-10-17',
      error: 'MalformedPolicyDocument',
      isMet: ({ Policy }) => Policy === undefined || /^\{.*"Version":"2012-10-17".*"Statement":.*\}$/s.test(Policy),
    },
  ],
};
