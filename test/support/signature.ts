import { createHash, createHmac } from 'node:crypto';
import type { ReceivedRequest } from './api-gateway.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
/** Encodes every character except the unreserved characters in RFC 3986. */
const uriEncode = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((char) =>
      /[A-Za-z0-9\-._~]/.test(char) ? char : `%${Buffer.from(char, 'latin1').toString('hex').toUpperCase()}`,
    )
    .join('');

export interface VerifiedSignature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
}

/**
 * Verifies the signature of a received request. The code follows the documentation and is independent of the signer
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Returns `undefined` if the
 * signature is wrong.
 */
export function verifySignature(request: ReceivedRequest, secretAccessKey: string): VerifiedSignature | undefined {
  const { method, path, query, headers, body } = request;
  const authorizationPattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature] =
    authorizationPattern.exec(headers.authorization ?? '') ?? [];
  const signedHeaders = names.split(';');
  const canonicalRequest = [
    method,
    // Every service except S3 encodes the path segments twice.
    path.split('/').map(uriEncode).join('/'),
    [...new URLSearchParams(query.replaceAll('+', '%2B'))]
      .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
      .sort()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const date = String(headers['x-amz-date']);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const stringToSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonicalRequest)].join('\n');
  const key = ['aws4_request', service, region, day].reduceRight(
    (derived: string | Buffer, part) => hmac(derived, part),
    `AWS4${secretAccessKey}`,
  );
  const isValid = date.startsWith(day) && hmac(key, stringToSign).toString('hex') === signature;
  return isValid ? { accessKeyId, region, service, signedHeaders } : undefined;
}
