import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test, vi } from 'vitest';
import { notifyTopic } from '../../../functions/audit/forward/notify-topic.ts';
import { Sha256 } from '../../../shared/kms/sha256.ts';
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

  const timed = { timestampMs: 1_000, record: { ...record, operation: 'A' } };
  const signed = (arn: string, endpoint?: string) => ({ arn, endpoint, operations: new Set(['A']) });
  /** Returns the requests that would be sent to the topic. */
  const publish = async (topic: Parameters<typeof notifyTopic>[1], service = 'service') => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{}'));
    try {
      await notifyTopic([timed], topic, service);
      return fetched.mock.calls.map(([url, options]) => ({ url: String(url), ...options }));
    } finally {
      fetched.mockRestore();
    }
  };

  // https://docs.aws.amazon.com/general/latest/gr/sns.html
  test.for<readonly [arn: string, endpoint: string | undefined, url: string, region: string]>([
    ['arn:aws:sns:eu-west-1:0:t', undefined, 'https://sns.eu-west-1.amazonaws.com/', 'eu-west-1'],
    ['arn:aws-us-gov:sns:us-gov-west-1:0:t', undefined, 'https://sns.us-gov-west-1.amazonaws.com/', 'us-gov-west-1'],
    ['arn:aws-cn:sns:cn-north-1:0:t', undefined, 'https://sns.cn-north-1.amazonaws.com.cn/', 'cn-north-1'],
    ['arn:aws:sns:us-east-1:0:t', 'http://127.0.0.1:9/', 'http://127.0.0.1:9/', 'us-east-1'],
  ])(
    'the alarm topic %s with the endpoint %s receives a signed request to %s',
    async ([arn, endpoint, url, region]) => {
      const [request, ...others] = await publish(signed(arn, endpoint));
      expect(others).toEqual([]);
      expect(request).toMatchObject({ url, method: 'POST', signal: expect.any(AbortSignal) });
      expect(request?.headers).toMatchObject({
        'content-type': 'application/x-www-form-urlencoded',
        authorization: expect.stringMatching(
          new RegExp(
            `^AWS4-HMAC-SHA256 Credential=test/\\d{8}/${region}/sns/aws4_request, SignedHeaders=content-type;host;`,
          ),
        ),
      });
      const time = new Date(1_000).toISOString();
      expect(Object.fromEntries(new URLSearchParams(String(request?.body)))).toEqual({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: arn,
        Subject: 'service: A',
        Message: JSON.stringify({ time, ...timed.record }, undefined, 2),
      });
    },
  );

  test('the alarm topic receives requests whose signature is that of a POST request to its path', async () => {
    const [request] = await publish(signed('arn:aws:sns:us-east-1:0:t'));
    const { authorization, 'x-amz-date': date = '', ...headers } = (request?.headers ?? {}) as Record<string, string>;
    const signingDate = new Date(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const signer = new SignatureV4({ service: 'sns', region: 'us-east-1', credentials, sha256: Sha256 });
    const expected = await signer.sign(
      {
        method: 'POST',
        protocol: 'https:',
        hostname: 'sns.us-east-1.amazonaws.com',
        path: '/',
        headers: { host: 'sns.us-east-1.amazonaws.com', 'content-type': headers['content-type'] ?? '' },
        body: request?.body,
      },
      { signingDate },
    );
    expect(authorization).toBe(expected.headers.authorization);
  });

  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  test('the alarm topic receives a subject of at most 100 characters', async () => {
    const [request] = await publish(signed('arn:aws:sns:us-east-1:0:t'), 's'.repeat(100));
    expect(new URLSearchParams(String(request?.body)).get('Subject')).toBe('s'.repeat(100));
  });
});
