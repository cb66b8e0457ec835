import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { KmsError } from '../core/kms-error.ts';
import type { HttpRequestInfo } from './http-request-info.ts';

/** The maximum difference between the client's clock and the system clock. */
const clockToleranceMs = 5 * 60 * 1000;

const createIncompleteSignature = (message: string) => new KmsError('IncompleteSignatureException', message);
const createInvalidSignature = (message: string) => new KmsError('InvalidSignatureException', message);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Uint8Array, text: string) => createHmac('sha256', createSecretKey(key)).update(text).digest();

interface Signature {
  readonly scope: readonly [day: string, region: string, service: string, end: string];
  readonly headerNames: readonly string[];
  /** The signature in hexadecimal. */
  readonly value: string;
  /** The signing time, such as `20260101T000000Z`. */
  readonly time: string;
}

/**
 * Verifies a Signature Version 4 signature
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Throws
 * IncompleteSignatureException or InvalidSignatureException. Uses the system clock instead of the emulator's clock,
 * because clients sign requests with the system time.
 */
export function verifySignature(http: HttpRequestInfo, secretAccessKey: string, nowMs: number = Date.now()): void {
  const signature = readSignature(http.headers);
  checkTime(signature, nowMs);
  const [day, region, service, end] = signature.scope;
  const canonical = formatCanonicalRequest(http, signature.headerNames);
  const text = ['AWS4-HMAC-SHA256', signature.time, signature.scope.join('/'), sha256(canonical)].join('\n');
  const key = [day, region, service, end].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const expected = hmac(key, text);
  // Buffer.from ignores everything after the first character that is not hexadecimal.
  const given = Buffer.from(/^[0-9a-f]+$/.test(signature.value) ? signature.value : '', 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw createInvalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function readSignature(headers: IncomingHttpHeaders): Signature {
  const { authorization = '' } = headers;
  const parameters = readParameters(authorization);
  const part = (name: string) => parameters.get(name);
  const missing = parameterNames.filter((name) => !part(name));
  if (missing.length > 0) {
    throw createIncompleteSignature(
      missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '),
    );
  }
  const time = headers['x-amz-date'];
  if (typeof time !== 'string' || !/^\d{8}T\d{6}Z$/.test(time)) {
    throw createIncompleteSignature(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  const [day = '', region = '', service = '', end = ''] = (part('Credential') ?? '').split('/').slice(-4);
  const headerNames = (part('SignedHeaders') ?? '').split(';');
  // STS requests have no `x-amz-target`.
  for (const name of ['host', 'x-amz-date', 'x-amz-target'].filter((header) => headers[header] !== undefined)) {
    if (!headerNames.includes(name)) throw createInvalidSignature(`'${name}' must be a signed header.`);
  }
  return { scope: [day, region, service, end], headerNames, value: part('Signature') ?? '', time };
}

const parameterNames = ['Credential', 'SignedHeaders', 'Signature'];

/**
 * Reads the parameters of an Authorization header. Rejects everything else, because a part that the verification
 * ignores could mean something to another reader.
 */
function readParameters(authorization: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const [, list = ''] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(authorization) ?? [];
  for (const part of list.split(/\s*,\s*|\s+/)) {
    const separator = part.indexOf('=');
    const name = part.slice(0, Math.max(separator, 0));
    if (!parameterNames.includes(name) || parameters.has(name)) {
      throw createIncompleteSignature(
        `Authorization header requires each of ${parameterNames.map((each) => `'${each}'`).join(', ')} once and no other parameter.`,
      );
    }
    parameters.set(name, part.slice(separator + 1));
  }
  return parameters;
}

function checkTime({ scope: [day], time }: Signature, nowMs: number): void {
  if (!time.startsWith(day)) {
    throw createInvalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  }
  const signedMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
  const formatTime = (ms: number) => `${new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  if (!(signedMs >= nowMs - clockToleranceMs)) {
    throw createInvalidSignature(
      `Signature expired: ${time} is now earlier than ${formatTime(nowMs - clockToleranceMs)} (${formatTime(nowMs)} - 5 min.)`,
    );
  }
  if (signedMs > nowMs + clockToleranceMs) {
    throw createInvalidSignature(
      `Signature not yet current: ${time} is still later than ${formatTime(nowMs + clockToleranceMs)} (${formatTime(nowMs)} + 5 min.)`,
    );
  }
}

function formatCanonicalRequest(
  { method = '', url = '/', headers, body }: HttpRequestInfo,
  names: readonly string[],
): string {
  const [path = '/', query = ''] = url.split('?');
  const lines = names.map((name) => `${name}:${[headers[name]].flat().join(',').trim().replaceAll(/ +/g, ' ')}`);
  return [method, path, query, ...lines, '', names.join(';'), sha256(body)].join('\n');
}
