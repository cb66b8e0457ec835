import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt, open, rewrap, seal } from '../../../functions/operations.ts';
import { maxEventBytes } from '../../../shared/declaration/operation.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { useEmulator } from '../../support/emulator.ts';
import { buildBytesEvent, callDirectly, encodeParameters, failDirectly, sendBytes } from '../../support/envelope.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { toV1 } from '../../support/http-events.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
let sealHandler: Handler;
let openHandler: Handler;
beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  sealHandler = await loadHandler(seal);
  openHandler = await loadHandler(open);
});

const KeyId = 'alias/example';
const EncryptionContext = { purpose: 'bytes' };
const octets = 'application/octet-stream';

describe('a body of bytes', () => {
  test('Seal and Open take and return bytes, and the other members in the header Kms-Parameters', async () => {
    const bytes = randomBytes(10_000);
    const sealed = await sendBytes(sealHandler, buildBytesEvent(seal, bytes, { EncryptionContext }));
    expect(sealed).toMatchObject({ statusCode: 200, type: octets });
    expect(Object.keys(sealed.parameters).sort()).toEqual(['AlgorithmSuite', 'KeyId']);
    const opened = await sendBytes(openHandler, buildBytesEvent(open, sealed.bytes, { EncryptionContext }));
    expect(opened).toMatchObject({ statusCode: 200, type: octets, parameters: { EncryptionContext } });
    expect(opened.bytes).toEqual(bytes);
  });

  test('Seal takes bytes in payload version 1.0', async () => {
    const event = toV1(buildBytesEvent(seal, Buffer.from('x'), undefined));
    expect(await sendBytes(sealHandler, event)).toMatchObject({ statusCode: 200, type: octets });
  });

  test('Seal takes an empty body as empty bytes', async () => {
    const sealed = await sendBytes(sealHandler, buildBytesEvent(seal, Buffer.of(), undefined));
    const opened = await sendBytes(openHandler, buildBytesEvent(open, sealed.bytes, undefined));
    expect(opened).toMatchObject({ statusCode: 200, bytes: Buffer.of() });
  });

  const accepted: readonly (readonly [accept: string, type: string])[] = [
    ['*/*', octets],
    ['application/json', 'application/json'],
    ['application/json, application/octet-stream;q=0.5', octets],
  ];
  test.for(accepted)('a body of bytes with `accept: %s` is answered with %s', async ([accept, type]) => {
    const event = buildBytesEvent(seal, Buffer.from('x'), undefined, { accept });
    expect(await sendBytes(sealHandler, event)).toMatchObject({ statusCode: 200, type });
  });

  test('a JSON body is answered with bytes if the caller accepts them by name', async () => {
    const event = buildBytesEvent(seal, Buffer.of(), undefined, { accept: octets, 'content-type': 'application/json' });
    const body = JSON.stringify({ Plaintext: 'eA==' });
    const { type } = await sendBytes(sealHandler, { ...event, body, isBase64Encoded: false });
    expect(type).toBe(octets);
  });

  test('an error is a problem document even if the caller wants bytes', async () => {
    const outcome = await invoke(openHandler, buildBytesEvent(open, Buffer.from('no message'), undefined));
    expect(outcome).toMatchObject({ ok: false, code: 'InvalidMessageError' });
  });

  test.for<readonly [title: string, headers: Record<string, string>, detail: string]>([
    ['that is not base64url', { 'kms-parameters': '{}' }, 'must be a JSON object in base64url'],
    ['that is not JSON', { 'kms-parameters': Buffer.from('{').toString('base64url') }, 'must be a JSON object'],
    ['that is not an object', { 'kms-parameters': encodeParameters([] as never) }, 'must be a JSON object'],
    ['that is not UTF-8', { 'kms-parameters': Buffer.of(0x22, 0xff, 0x22).toString('base64url') }, 'must be a JSON'],
    ['with the member in the body', { 'kms-parameters': encodeParameters({ Plaintext: '' }) }, 'must not contain'],
    ['next to JSON', { 'kms-parameters': 'e30', 'content-type': 'application/json' }, 'is allowed only with'],
  ])('a header Kms-Parameters %s is rejected', async ([, headers, detail]) => {
    const outcome = await invoke(sealHandler, buildBytesEvent(seal, Buffer.from('x'), undefined, headers));
    expect(outcome).toMatchObject({ ok: false, code: 'SerializationException' });
    expect(outcome.text).toContain(detail);
  });

  test('compressed bytes are rejected, because a message does not contain the content-encoding', async () => {
    const send = (encoding: string) =>
      sendBytes(sealHandler, buildBytesEvent(seal, Buffer.from('x'), {}, { 'Content-Encoding': encoding }));
    const gzip = await send('gzip');
    expect(gzip).toMatchObject({ statusCode: 415, type: 'application/problem+json' });
    expect(gzip.text).toContain('must not have a content-encoding header');
    expect(await send('identity')).toMatchObject({ statusCode: 200, type: octets });
  });

  test('a member in the header that belongs to the path, or that is unknown, is reported like in a body', async () => {
    const event = buildBytesEvent(seal, Buffer.from('x'), { KeyId, EncryptionContxt: {} });
    const outcome = await invoke(sealHandler, event);
    expect(outcome.text).toContain('must be sent in the path');
    expect(outcome.text).toContain('Did you mean `EncryptionContext`?');
  });

  test('bytes that the gateway did not encode are rejected, because it may have changed them', async () => {
    const event = { ...buildBytesEvent(seal, Buffer.of(), undefined), body: 'x', isBase64Encoded: false };
    const outcome = await invoke(sealHandler, event);
    expect(outcome).toMatchObject({ ok: false, code: 'SerializationException' });
  });

  test('the other operations reject bytes, and each error names the content types that the operation accepts', async () => {
    const json = await invoke(await loadHandler(encrypt), buildBytesEvent(encrypt, Buffer.from('x'), undefined));
    expect(json).toMatchObject({ code: 'UnsupportedMediaTypeError' });
    expect(json.text).toContain('must be application/json.');
    const headers = { 'content-type': 'text/plain' };
    const both = await invoke(sealHandler, buildBytesEvent(seal, Buffer.from('x'), undefined, headers));
    expect(both.text).toContain('must be application/json or application/octet-stream.');
  });

  test('a response whose other members do not fit into a header asks for JSON', async () => {
    const context = { long: 'x'.repeat(7_000) };
    const Plaintext = 'eA==';
    const { Message } = await callDirectly(seal, { KeyId, Plaintext, EncryptionContext: context });
    const bytes = Buffer.from(Message, 'base64');
    const outcome = await invoke(openHandler, buildBytesEvent(open, bytes, undefined));
    expect(outcome).toMatchObject({ ok: false, code: 'PayloadTooLargeError' });
    expect(outcome.text).toContain('accept: application/json');
    const accept = { accept: 'application/json' };
    expect(await invoke(openHandler, buildBytesEvent(open, bytes, undefined, accept))).toMatchObject({
      body: { Plaintext, EncryptionContext: context },
    });
  });
});

describe('the size limits', () => {
  const largest = Buffer.alloc(4_500_000, 7);

  test('the largest plaintext fits into the events and responses of Lambda, in bytes and in JSON', async () => {
    const request = buildBytesEvent(seal, largest, { EncryptionContext });
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(maxEventBytes);
    const sealed = await sendBytes(sealHandler, request);
    const direct = await callDirectly(seal, { KeyId, Plaintext: largest.toString('base64'), EncryptionContext });
    expect(Buffer.byteLength(JSON.stringify(direct))).toBeLessThan(maxEventBytes);
    const event = buildBytesEvent(open, sealed.bytes, { EncryptionContext });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(maxEventBytes);
    const opened = await sendBytes(openHandler, event);
    expect(opened.bytes.equals(largest)).toBe(true);
  });

  test('the largest message fits into an event of Lambda', () => {
    const event = buildBytesEvent(open, Buffer.alloc(4_600_000), { EncryptionContext: { long: 'x'.repeat(5_000) } });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(maxEventBytes - 10_240);
  });

  test.for([
    [seal, 'Plaintext', '4,500,000'],
    [open, 'Message', '4,600,000'],
    [rewrap, 'Message', '4,600,000'],
  ] as const)(
    '$0.name rejects one byte more than its limit with 413 and both sizes',
    async ([operation, member, limit]) => {
      const bytes = Buffer.alloc(Number(limit.replaceAll(',', '')) + 1);
      const detail = `/${member} must not exceed ${limit} bytes. This request contains ${bytes.length.toLocaleString('en-US')} bytes.`;
      const outcome = await invoke(await loadHandler(operation), buildBytesEvent(operation, bytes, undefined));
      expect(outcome).toMatchObject({ problem: { status: 413, code: 'PayloadTooLargeError', detail } });
      const direct = await failDirectly(operation, { KeyId, [member]: bytes.toString('base64') });
      expect(direct).toBe(`PayloadTooLargeError: ${detail}`);
    },
  );

  test('Seal rejects frames so short that Open could not accept the message', async () => {
    const error = await failDirectly(seal, { KeyId, Plaintext: largest.toString('base64'), FrameLength: 1_024 });
    expect(error).toContain('PayloadTooLargeError: The message would have 4');
    expect(error).toContain('use longer frames');
  });
});
