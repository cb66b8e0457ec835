import { readAwsSettings } from '../worker-config.ts';

/** Returns the URL of an object in the bucket of the lists. The name of an execution is part of `key`. */
export function buildObjectUrl(bucket: string, key: string): URL {
  const { region, s3Endpoint } = readAwsSettings();
  const path = key.split('/').map(encodeName).join('/');
  return new URL(
    s3Endpoint === undefined ? `https://${bucket}.s3.${getDomain(region)}/${path}` : `${s3Endpoint}/${bucket}/${path}`,
  );
}

/**
 * Encodes every character except letters, digits, `-`, `.`, `_` and `~`, as S3 does before it checks the signature
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function buildInvokeUrl(functionName: string): URL {
  const { region, lambdaEndpoint: endpoint = `https://lambda.${getDomain(region)}` } = readAwsSettings();
  return new URL(`${endpoint}/2015-03-31/functions/${functionName}/invocations`);
}

function getDomain(region: string): string {
  return `${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
