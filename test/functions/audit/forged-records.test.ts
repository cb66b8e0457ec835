import { describe, expect, test } from 'vitest';
import { captureLog } from '../../support/captured-log.ts';
import { delivery, record, streamOf, useForwarder } from '../../support/forwarder.ts';

const used = useForwarder();

describe('forged records', () => {
  const forged = { ...record, operation: 'ScheduleKeyDeletion', requestId: 'forged' };

  test.for([
    ['from another log group', [forged], { logGroup: '/evil' }],
    ['from another account', [forged], { owner: '999999999999' }],
    ['in a message of another type', [forged], { messageType: 'OTHER' }],
    ["of an operation other than the function's", [forged], { logStream: streamOf('Encrypt') }],
    ['of a function with the same prefix', [forged], { logStream: streamOf('ScheduleKeyDeletionNow') }],
    [
      'in a stream of another version',
      [forged],
      { logStream: streamOf('ScheduleKeyDeletion').replace('$LATEST', '1') },
    ],
    ['in a stream whose name Lambda does not choose', [forged], { logStream: `${streamOf('ScheduleKeyDeletion')}0` }],
    [
      'in a stream of another service',
      [forged],
      { logStream: streamOf('ScheduleKeyDeletion').replace('-dev-', '-prod-') },
    ],
    ['without the members of a record', ['{"message":"call"}'], {}],
  ] as const)('the audit trail rejects a forged record %s', async ([, lines, overrides]) => {
    const log = await captureLog(() => used.handler(delivery(lines, overrides)));
    expect(used.received).toEqual([]);
    expect(log.map(({ json }) => json)).toEqual([
      {
        level: 'ERROR',
        message: 'rejected',
        service: 'kms-functions-dev',
        reasons: [expect.any(String)],
        RejectedRecords: 1,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'KmsFunctions',
              Dimensions: [['service']],
              Metrics: [{ Name: 'RejectedRecords', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
    expect(log[0]?.text).not.toContain('forged');
  });

  test('the forwarder reports the number of rejected lines, and each reason once', async () => {
    const lines = ['{"message":"call"}', forged, '{"message":"call"}'];
    const log = await captureLog(() => used.handler(delivery(lines, { logStream: streamOf('Encrypt') })));
    expect(log).toMatchObject([{ json: { RejectedRecords: 3, reasons: [expect.any(String), expect.any(String)] } }]);
  });

  test('the forwarder accepts a control message from CloudWatch Logs', async () => {
    const log = await captureLog(() =>
      used.handler(delivery([''], { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' })),
    );
    expect({ received: used.received, log }).toEqual({ received: [], log: [] });
  });
});
