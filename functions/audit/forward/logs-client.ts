import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { fromEnv } from '@aws-sdk/credential-provider-env';

let client: CloudWatchLogsClient | undefined;

/** Returns the CloudWatch Logs client that all invocations of this instance share. */
export function getLogsClient(): CloudWatchLogsClient {
  client ??= new CloudWatchLogsClient({ credentials: fromEnv() });
  return client;
}
