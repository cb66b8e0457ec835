import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allSuites, defaultFrameLength, defaultOpenLimits, formatSuite } from '../../envelope/index.ts';

const page = readFileSync('docs/reference/message-format.md', 'utf8');

test('the page about the message format lists every error code', () => {
  const source = readFileSync('envelope/format/errors.ts', 'utf8').split(';')[0] as string;
  const codes = [...source.matchAll(/'([A-Za-z]+)'/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect([...page.matchAll(/^\| `([A-Z][A-Za-z]+)` \|/gm)].map(([, code]) => code)).toEqual(codes);
});

test('the page about the message format lists every suite, and which suites are written', () => {
  const rows = [...page.matchAll(/^\| (`0x.*?) \|.*\| (yes|no) \| (?:yes|on request) \|$/gm)];
  const listed = rows.flatMap(([, ids = '', written]) =>
    [...ids.matchAll(/0x[0-9a-f]{4}/g)].map(([id]) => [id, written === 'yes']),
  );
  expect(new Map(listed as [string, boolean][])).toEqual(
    new Map(allSuites.map((suite) => [formatSuite(suite), suite.isCommitting])),
  );
});

test('the page about the message format states the default limits', () => {
  expect({ defaultFrameLength, ...defaultOpenLimits }).toEqual({
    defaultFrameLength: 64 * 1024,
    maxEncryptedDataKeys: 20,
    maxFrameLength: 64 * 1024 ** 2,
    maxHeaderBytes: 128 * 1024,
    maxFrames: 4_294_967_295,
  });
  for (const limit of [
    'by default 64 KiB',
    '| 20 |',
    '| 64 MiB | `maxFrameLength`',
    '| 128 KiB |',
    '| 4,294,967,295 | `maxFrames` |',
  ])
    expect(page).toContain(limit);
});
