import { fromEnv } from '@aws-sdk/credential-provider-env';
import { SignatureV4 } from '@smithy/signature-v4';
import { parseArn } from '../../../shared/declaration/arn.ts';
import { Sha256 } from '../../../shared/kms/sha256.ts';
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

/**
 * Sends a signed Publish request (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). The SDK's SNS client
 * would double the size of this function's bundle for a single request.
 */
async function publish({ arn, endpoint }: AlarmTopic, Subject: string, Message: string): Promise<void> {
  const { partition, region = '' } = parseArn(arn) ?? {};
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(endpoint ?? `https://sns.${region}.${domain}`);
  const form = { Action: 'Publish', Version: '2010-03-31', TopicArn: arn, Subject: Subject.slice(0, 100), Message };
  const signer = new SignatureV4({ service: 'sns', region, credentials: fromEnv(), sha256: Sha256 });
  const { headers, body } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: '/',
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const { ok, status } = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
  if (!ok) throw new Error(`SNS rejected a message with status ${status}.`);
}
