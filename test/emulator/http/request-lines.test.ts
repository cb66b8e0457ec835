import { WriteStream } from 'node:tty';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { describe, expect, test, vi } from 'vitest';
import { formatAsJson, formatAsText } from '../../../emulator/http/requests/format-request.ts';
import { type RequestRecord, startEmulator } from '../../../emulator/index.ts';
import { awsOperations } from '../../../functions/all-operations.ts';
import { memberNames } from '../../../shared/declaration/operation.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';

const denied: RequestRecord = {
  sequence: 1,
  time: new Date(2026, 0, 31, 14, 2, 5).toISOString(),
  operation: 'Encrypt',
  account: '000000000000',
  region: 'us-east-1',
  principal: 'arn:aws:iam::000000000000:user/alice',
  accessKeyId: 'AKIAALICE',
  keyId: 'alias/payroll',
  outcome: 'denied',
  code: 'AccessDeniedException',
  message: 'User: alice is not authorized',
  durationMs: 1.25,
  requestId: 'id',
};
const { code, message, keyId, ...bare } = denied;
const terminal = Object.assign(Object.create(WriteStream.prototype), { isTTY: true });
const file = Object.assign(Object.create(process.stdout), { isTTY: false });

describe('the line for a request', () => {
  test.each([
    [
      denied,
      '14:02:05 Encrypt alias/payroll 000000000000:user/alice denied AccessDeniedException: User: alice is not authorized  1.25 ms\n',
    ],
    [{ ...bare, outcome: 'ok' as const }, '14:02:05 Encrypt - 000000000000:user/alice ok  1.25 ms\n'],
    [
      { ...denied, principal: 'arn:aws-cn:sts::111122223333:assumed-role/app/session', message: undefined },
      '14:02:05 Encrypt alias/payroll 111122223333:assumed-role/app/session denied AccessDeniedException  1.25 ms\n',
    ],
  ])('the line for a request contains its columns in order', (record, line) => {
    expect(formatAsText(record as RequestRecord, file)).toBe(line);
  });

  test.each([
    ['a terminal', terminal, undefined, true],
    ['a terminal with NO_COLOR=1', terminal, '1', false],
    ['a file', file, undefined, false],
  ])('the line for a request has the right colors on %s', (_, stream, noColor, hasColors) => {
    vi.stubEnv('NO_COLOR', noColor);
    vi.stubEnv('TERM', 'xterm');
    // Node.js reads these variables too. CI systems set some of them.
    for (const name of ['CI', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'TEAMCITY_VERSION', 'TMUX'])
      vi.stubEnv(name, undefined);
    expect(formatAsText(denied, stream).includes('\u001b[')).toBe(hasColors);
    vi.unstubAllEnvs();
  });

  // A line feed, a carriage return, escape sequences in seven and eight bits, a line separator, and an override of the
  // text direction.
  const hostile = 'x\n12:00:00 GetKey\r\u001b[31m\u009b2J\u2028\u202e"y';

  test('the line for a request shows control characters in values as escapes', () => {
    const record = {
      ...denied,
      operation: hostile,
      keyId: hostile,
      accessKeyId: hostile,
      principal: hostile,
      message: hostile,
    };
    for (const line of [formatAsText(record, file), formatAsJson(record)]) {
      expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u);
    }
    expect(JSON.parse(formatAsJson(record))).toEqual(record);
  });

  test('the line for a request quotes values that contain spaces, so that they cannot look like other columns', () => {
    const line = formatAsText({ ...denied, keyId: 'alias/a root ok' }, file);
    expect(line).toContain(' Encrypt "alias/a root ok" 000000000000:user/alice denied ');
  });
});

test('startEmulator rejects an unknown log format', async () => {
  await expect(startEmulator({ log: 'xml' as never })).rejects.toThrow('log must be json, text or off.');
});

test('startEmulator prints the last requests before close resolves', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  const emulator = await startEmulator({ log: 'json' });
  const client = clientFor(emulator.endpoint);
  await client.send(new ListKeysCommand({}));
  await emulator.close();
  write.mockRestore();
  expect(lines.map((line) => JSON.parse(line).operation)).toEqual(['ListKeys']);
});

describe('secrets in requests', () => {
  const used = useEmulator();
  const canary = 'CanaryInASensitiveMember';
  const base64 = Buffer.from(canary).toString('base64');
  const tokens = ['GrantToken', 'GrantTokens', 'ImportToken'];
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;

  /** Values with correct and incorrect types, lengths and encodings. */
  const values: readonly unknown[] = [
    base64,
    canary,
    `${canary}\n`,
    `${canary}${'x'.repeat(9_000)}`,
    [canary],
    [[canary]],
    { [canary]: canary },
    [{ Value: canary }],
    Array.from({ length: 11 }, () => canary),
    Array.from({ length: 200 }, (_, index) => `${canary}${index}`),
  ];

  const operations = awsOperations.filter((operation) => {
    const names = [...operation.sensitive, ...tokens];
    return operation.sensitive.length > 0 || memberNames(operation).some((name) => names.includes(name));
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    'no sensitive value of %s appears in the records and lines of its requests',
    async (name, operation) => {
      const before = used.emulator.listRequests().at(-1)?.sequence ?? 0;
      const secrets = [canary, base64];
      const call = async (body: string) => {
        const headers = { 'X-Amz-Target': `TrentService.${name}`, Authorization: authorization };
        const response = await fetch(used.emulator.endpoint, { method: 'POST', headers, body });
        const output = (await response.json().catch(() => ({}))) as Record<string, unknown>;
        secrets.push(
          ...operation.sensitive.map((member) => output[member]).filter((value) => typeof value === 'string'),
        );
      };
      const { input } = operation.example;
      await call(JSON.stringify(input));
      const members = [...new Set([...operation.sensitive, ...tokens])];
      for (const value of values) {
        for (const member of members) await call(JSON.stringify({ ...input, [member]: value }));
        await call(
          JSON.stringify({
            ...input,
            XksProxyAuthenticationCredential: { AccessKeyId: value, RawSecretAccessKey: value },
          }),
        );
        await call(`{"Plaintext":${JSON.stringify(value)}`);
      }
      const records = used.emulator.listRequests(before);
      expect(records.length).toBe(1 + values.length * (members.length + 2));
      expect(records.some(({ code }) => code === 'SerializationException')).toBe(true);
      const text = records.map((record) => `${formatAsText(record, file)}${formatAsJson(record)}`).join('');
      for (const secret of secrets) expect(text).not.toContain(secret);
    },
  );
});
