import { functionLogGroupName } from '../deployment/log-groups.ts';

/**
 * Returns the message that replaces `serverless logs`. osls reads the log group `/aws/lambda/FUNCTION`, but the functions
 * share a log group.
 */
export function describeLogsCommand(stage: string, region: string, functionName: unknown): string {
  const name = typeof functionName === 'string' && functionName !== '' ? functionName : 'encrypt';
  const operation = name.charAt(0).toUpperCase() + name.slice(1);
  return [
    "'serverless logs' cannot read the log group that all functions share. Use this command instead:",
    `  aws logs tail ${functionLogGroupName(stage)} --region ${region} --follow --filter-pattern '{ $.operation = "${operation}" }'`,
  ].join('\n');
}
