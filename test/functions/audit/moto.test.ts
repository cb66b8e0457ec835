import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, describe, expect, test } from 'vitest';
import { catchError } from '../../support/emulator.ts';
import { alarmTopicArn, delivery, record, report, streamOf, useForwarder } from '../../support/forwarder.ts';
import { isMotoInstalled, startMotoServer } from '../../support/moto.ts';
import type { Running } from '../../support/process.ts';
import { isSoak } from '../../support/soak.ts';

/** moto (https://docs.getmoto.org) is another implementation of the services that the forwarder calls. */
const isInstalled = isSoak && (await isMotoInstalled());
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let moto: Running | undefined;
let logs: CloudWatchLogsClient;

async function startMoto(): Promise<string> {
  const { endpoint, process } = await startMotoServer();
  moto = process;
  logs = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  for (const logGroupName of ['/kms-functions/dev/audit', '/kms-functions/dev']) {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
  }
  const stream = { logGroupName: '/kms-functions/dev', logStreamName: streamOf('Encrypt') };
  await logs.send(new CreateLogStreamCommand(stream));
  const body = new URLSearchParams({
    Action: 'CreateTopic',
    Version: '2010-03-31',
    Name: String(alarmTopicArn.split(':').at(-1)),
  });
  // moto reads the service and the Region in the signature, but does not verify it.
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=00';
  const created = await fetch(endpoint, { method: 'POST', body, headers: { authorization } });
  if (!created.ok) throw new Error(await created.text());
  return endpoint;
}

describe.skipIf(!isInstalled)('the forwarder with moto (soak, requires moto_server)', { timeout: 120_000 }, () => {
  const used = useForwarder(startMoto);
  afterAll(async () => {
    logs?.destroy();
    await moto?.end();
  });

  const readArchive = async (): Promise<object[]> => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/kms-functions/dev/audit' }));
    return events.map(({ message = '' }) => JSON.parse(message));
  };

  test('the forwarder creates its log stream in moto once, and writes the records of every delivery', async () => {
    const later = { ...record, requestId: 'later' };
    await used.handler(delivery([later, record]));
    await used.handler(delivery([{ ...record, requestId: 'second delivery' }]));
    expect(await readArchive()).toEqual([record, later, { ...record, requestId: 'second delivery' }]);
  });

  test('the forwarder publishes events and alarms through moto', async () => {
    await used.handler(delivery([{ ...record, operation: 'ScheduleKeyDeletion', requestId: 'deletion' }]));
    expect(await readArchive()).toContainEqual({ ...record, operation: 'ScheduleKeyDeletion', requestId: 'deletion' });
  });

  test("the forwarder searches a function's log stream in moto before it derives a record", async () => {
    const requestId = '8f0e1f6e-0000-4000-8000-0000000000ff';
    await used.handler(delivery([report('timeout', requestId)]));
    expect(await readArchive()).toContainEqual(expect.objectContaining({ requestId, outcome: 'unknown' }));
  });

  test('moto, like the simulated service, rejects events for a log stream that does not exist', async () => {
    const request = { logGroupName: '/kms-functions/dev/audit', logStreamName: 'missing', logEvents: [] };
    expect((await catchError(logs.send(new PutLogEventsCommand(request)))).name).toBe('ResourceNotFoundException');
  });
});
