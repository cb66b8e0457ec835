import { sendAwsRequest } from '../../../shared/aws/send-aws-request.ts';
import { readAwsSettings } from '../worker-config.ts';
import { buildObjectUrl } from './aws-urls.ts';

const putLimitMs = 30_000;
/** The results of a long run are read for as long as the function may run. */
const getLimitMs = 240_000;

export async function putObject(bucket: string, key: string, body: string): Promise<void> {
  const { region } = readAwsSettings();
  const url = buildObjectUrl(bucket, key);
  await sendAwsRequest({ service: 's3', region, method: 'PUT', url, body, limitMs: putLimitMs });
}

export function getObject(bucket: string, key: string): Promise<Response> {
  const { region } = readAwsSettings();
  const url = buildObjectUrl(bucket, key);
  return sendAwsRequest({ service: 's3', region, method: 'GET', url, limitMs: getLimitMs });
}
