import type { OperationRules } from './rule.ts';

export interface DescribeAlarmsRequest {
  readonly AlarmNames: readonly string[];
}

export const describeAlarmsRules: OperationRules<DescribeAlarmsRequest> = {
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html',
  members: { AlarmNames: 'list' },
  rules: [
    {
      title: 'AlarmNames has at most 100 names',
      error: 'ValidationError',
      isMet: ({ AlarmNames }) => AlarmNames.length <= 100,
    },
    {
      title: 'a name has 1 to 255 characters',
      error: 'ValidationError',
      isMet: ({ AlarmNames }) => AlarmNames.every((name) => name.length >= 1 && name.length <= 255),
    },
  ],
};
