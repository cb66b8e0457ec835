import { describe, expect, test } from 'vitest';
import { delivery, record, report, streamOf, useForwarder } from '../../support/forwarder.ts';

const used = useForwarder();

describe('the alarm topic', () => {
  const subjects = () => used.sent('SNS').map(({ Subject }) => Subject);

  test.each(['ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'])(
    'the alarm topic receives each successful call: %s',
    async (operation) => {
      const first = { ...record, operation };
      await used.handler(
        delivery([first, { ...first, requestId: 'second' }, { ...first, outcome: 'AccessDeniedException' }]),
      );
      expect(subjects()).toEqual([`kms-functions-dev: ${operation}`, `kms-functions-dev: ${operation}`]);
      const [message] = used.sent('SNS');
      expect(message).toMatchObject({ Action: 'Publish', TopicArn: 'arn:aws:sns:us-east-1:000000000000:on-call' });
      expect(JSON.parse(message.Message)).toMatchObject({ usedKeys: record.usedKeys, caller: record.caller });
    },
  );

  test('the alarm topic receives a call whose outcome is unknown', async () => {
    await used.handler(
      delivery([report('timeout', '8f0e1f6e-0000-4000-8000-0000000000aa')], {
        logStream: streamOf('ScheduleKeyDeletion'),
      }),
    );
    expect(subjects()).toEqual(['kms-functions-dev: ScheduleKeyDeletion']);
  });

  test('the alarm topic receives no other calls', async () => {
    await used.handler(delivery([{ ...record, operation: 'DisableKey' }]));
    expect(subjects()).toEqual([]);
  });
});
