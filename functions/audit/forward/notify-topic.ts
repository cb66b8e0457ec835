import { sendAwsRequest } from '../../../shared/aws/send-aws-request.ts';
import { parseArn } from '../../../shared/declaration/arn.ts';
import type { AlarmTopic } from './forwarder-config.ts';
import type { TimedRecord } from './read-delivery.ts';

/**
 * Publishes a message to the alarm topic for each call that destroys a key. An alarm reports only changes to its state,
 * so a second deletion within the same period would go unnoticed. A call with an unknown outcome may have destroyed the
 * key, so it is reported too.
 */
export async function notifyTopic(records: readonly TimedRecord[], topic: AlarmTopic, service: string): Promise<void> {
  for (const timed of records) {
    const { operation, outcome } = timed.record;
    if (topic.operations.has(operation) && (outcome === 'OK' || outcome === 'unknown')) {
      await publish(topic, `${service}: ${operation}`, describe(timed));
    }
  }
}

function describe({ timestampMs, record }: TimedRecord): string {
  return JSON.stringify({ time: new Date(timestampMs).toISOString(), ...record }, undefined, 2);
}

/** Sends a Publish request (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
async function publish({ arn, endpoint }: AlarmTopic, Subject: string, Message: string): Promise<void> {
  const { partition, region = '' } = parseArn(arn) ?? {};
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const form = { Action: 'Publish', Version: '2010-03-31', TopicArn: arn, Subject: Subject.slice(0, 100), Message };
  await sendAwsRequest({
    service: 'sns',
    region,
    method: 'POST',
    url: new URL(endpoint ?? `https://sns.${region}.${domain}`),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    limitMs: 5_000,
  });
}
