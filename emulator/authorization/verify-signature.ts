import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { KmsError } from '../core/kms-error.ts';
import type { HttpRequestInfo } from './http-request-info.ts';

/** How far a client's clock may be off. */
const toleranceMs = 5 * 60 * 1000;

const incomplete = (message: string) => new KmsError('IncompleteSignatureException', message);
const invalid = (message: string) => new KmsError('InvalidSignatureException', message);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Uint8Array, text: string) => createHmac('sha256', createSecretKey(key)).update(text).digest();

interface Signed {
  readonly scope: readonly [day: string, region: string, service: string, end: string];
  readonly headerNames: readonly string[];
  readonly signature: string;
  /** `20260101T000000Z`. */
  readonly time: string;
}

/**
 * Checks a Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Throws
 * IncompleteSignatureException or InvalidSignatureException. The time is the machine's, which clients sign by, and not that
 * of the emulator's clock.
 */
export function verifySignature(http: HttpRequestInfo, secretAccessKey: string, nowMs: number = Date.now()): void {
  const signed = readSigned(http.headers);
  checkTime(signed, nowMs);
  const [day, region, service, end] = signed.scope;
  const canonical = canonicalRequest(http, signed.headerNames);
  const text = ['AWS4-HMAC-SHA256', signed.time, signed.scope.join('/'), sha256(canonical)].join('\n');
  const key = [day, region, service, end].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const expected = hmac(key, text);
  const given = Buffer.from(signed.signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function readSigned(headers: IncomingHttpHeaders): Signed {
  const { authorization = '' } = headers;
  const part = (name: string) => new RegExp(`[\\s,]${name}=([^,\\s]+)`).exec(authorization)?.[1];
  const missing = ['Credential', 'SignedHeaders', 'Signature'].filter((name) => part(name) === undefined);
  if (missing.length > 0) {
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  const time = headers['x-amz-date'];
  if (typeof time !== 'string' || !/^\d{8}T\d{6}Z$/.test(time)) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  const [day = '', region = '', service = '', end = ''] = (part('Credential') ?? '').split('/').slice(-4);
  const headerNames = (part('SignedHeaders') ?? '').split(';');
  for (const name of ['host', 'x-amz-date', 'x-amz-target']) {
    if (!headerNames.includes(name)) throw invalid(`'${name}' must be a signed header.`);
  }
  return { scope: [day, region, service, end], headerNames, signature: part('Signature') ?? '', time };
}

function checkTime({ scope: [day], time }: Signed, nowMs: number): void {
  if (!time.startsWith(day)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  }
  const signedMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  const bound = (ms: number) => `${new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  if (!(signedMs >= nowMs - toleranceMs)) {
    throw invalid(
      `Signature expired: ${time} is now earlier than ${bound(nowMs - toleranceMs)} (${bound(nowMs)} - 5 min.)`,
    );
  }
  if (signedMs > nowMs + toleranceMs) {
    throw invalid(
      `Signature not yet current: ${time} is still later than ${bound(nowMs + toleranceMs)} (${bound(nowMs)} + 5 min.)`,
    );
  }
}

/** KMS is called by POST on `/`, without a query. */
function canonicalRequest(
  { method = '', url = '/', headers, body }: HttpRequestInfo,
  names: readonly string[],
): string {
  const [path = '/', query = ''] = url.split('?');
  const lines = names.map((name) => `${name}:${[headers[name]].flat().join(',').trim().replaceAll(/ +/g, ' ')}`);
  return [method, path, query, ...lines, '', names.join(';'), sha256(body)].join('\n');
}
