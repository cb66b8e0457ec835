import { arn } from '../deployment/arn.ts';
import type { Statement } from './statement.ts';

/**
 * Allows a function to write to its own log streams in a log group. Lambda names the streams
 * `YYYY/MM/DD/FUNCTION[VERSION]ID`
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html). Without the bracket, the
 * pattern for `encrypt` would also match a function whose name begins with `encrypt`. The service authorization
 * reference lists the stream's ARN for both actions. The statement also contains the group's ARN, which allows no
 * writes.
 */
export function buildLogStatement(logGroup: string, functionName: string): Statement {
  const streams = `log-group:${logGroup}:log-stream:????/??/??/${functionName}[$LATEST]*`;
  return {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [arn('logs', streams), arn('logs', `log-group:${logGroup}`)],
  };
}
