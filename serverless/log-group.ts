/** Logical id of the log group that all functions share. */
export const logGroupName = 'FunctionsLogGroup';

const retentionDays = 30;

export function logGroup(stage: string): object {
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: `/kms-functions/${stage}`, RetentionInDays: retentionDays },
  };
}
