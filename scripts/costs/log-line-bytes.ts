import { accessLogFormat } from '../../infra/gateway/access-log.ts';

/**
 * The sizes of the log lines of a signed Encrypt call over HTTP, in bytes. test/scripts/costs.test.ts measures the call
 * line and the audit record. `item` and `itemAudit` are those of an item of a batch. `platform` is the size of Lambda's lines `platform.start` and `platform.report`, in the
 * format of https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html.
 */
export const logLineBytes = {
  call: 1_040,
  platform: 520,
  access: measureAccessLogLine(),
  audit: 630,
  item: 880,
  itemAudit: 670,
} as const;

/** Returns the size of an access log line whose values have their usual lengths. */
function measureAccessLogLine(): number {
  const values: Readonly<Record<string, string>> = {
    requestId: 'JKJaXmPLvHcESHA=',
    requestTime: '26/Nov/2026:09:00:00 +0000',
    'identity.sourceIp': '203.0.113.101',
    'identity.userArn': 'arn:aws:sts::111122223333:assumed-role/payments-production/i-0123456789abcdef0',
    'identity.accountId': '111122223333',
    routeKey: 'POST /keys/{KeyId}/encrypt',
    status: '200',
    responseLatency: '45',
    integrationLatency: '41',
    'integration.requestId': '8f0e1f6e-0000-4000-8000-000000000000',
  };
  return accessLogFormat.replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => values[name] ?? '-').length;
}
