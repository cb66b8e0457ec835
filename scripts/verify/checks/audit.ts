import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { auditLogGroup } from '../../../infra/deployment/logical-ids.ts';
import type { CallRecord } from '../../../shared/observability/call-record.ts';
import { type Check, expectThat, onlyAtAws } from '../check.ts';
import { getKey, poll, type Run } from '../run.ts';
import { findResource, requireAws } from '../stage.ts';

export const auditChecks: readonly Check[] = [
  {
    name: 'audit',
    title: 'Audit trail: the record of an HTTP call arrives, with its verified caller',
    after: ['encrypt'],
    skip: onlyAtAws('audit trail'),
    run: async (run) => {
      const record = await findRecord(run, 'http');
      const { isVerified, principal } = record.caller;
      expectThat(isVerified && principal !== undefined, 'The record does not contain a verified caller.');
      return `${record.operation} by ${principal}`;
    },
  },
  {
    name: 'direct audit',
    title: 'Audit trail: the record of a direct invocation arrives',
    after: ['direct'],
    skip: onlyAtAws('audit trail'),
    run: async (run) => {
      const record = await findRecord(run, 'direct');
      expectThat(!record.caller.isVerified, 'The record of a direct invocation contains a verified caller.');
      return `${record.operation}, request ${record.requestId}`;
    },
  },
];

/** Waits for the record of a successful Encrypt call with this run's key. */
async function findRecord(run: Run, trigger: CallRecord['trigger']): Promise<CallRecord> {
  const { arn } = getKey(run, 'create');
  const logGroupName = findResource(run.stage, auditLogGroup);
  const { logs } = requireAws(run.stage);
  const record = await poll(run, async () => {
    const { events = [] } = await logs.send(
      // A quoted pattern matches the text (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html).
      new FilterLogEventsCommand({ logGroupName, filterPattern: `"${arn}"`, startTime: run.startedMs - 60_000 }),
    );
    return events.map(({ message = '{}' }) => JSON.parse(message) as CallRecord).find(isRecord);
  });
  function isRecord({ operation, outcome, usedKeys, ...found }: CallRecord): boolean {
    return operation === 'Encrypt' && outcome === 'OK' && found.trigger === trigger && usedKeys.includes(arn);
  }
  expectThat(record !== undefined, `No record arrived in ${logGroupName} within ${run.waitMs / 1_000} s.`);
  return record;
}
