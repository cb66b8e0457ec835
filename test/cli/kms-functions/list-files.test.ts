import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCsvRecord, parseCsvRecord } from '../../../cli/bulk/csv.ts';
import { GrowingFile, hashBefore, identifyList, nothingWritten } from '../../../cli/bulk/list-files.ts';
import { listFormats } from '../../../cli/bulk/list-format.ts';
import { mapInOrder } from '../../../cli/bulk/map-in-order.ts';
import { ProgressFile } from '../../../cli/bulk/progress-file.ts';
import { createStart, readBatches } from '../../../cli/bulk/re-encrypt-list.ts';
import { type FileRecord, splitRecords } from '../../../cli/bulk/split-records.ts';
import { readBulkItem, toBulkItemJson } from '../../../functions/bulk/bulk-item.ts';
import { type ItemResult, sendItems } from '../../../functions/bulk/send-items.ts';

/** Splits bytes into chunks at these positions. */
async function* cut(bytes: Buffer, positions: readonly number[]): AsyncGenerator<Buffer> {
  const sorted = [0, ...positions.map((each) => each % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, start] of sorted.entries()) yield bytes.subarray(start, sorted[index + 1] ?? bytes.length);
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const beginning = { offset: 0, line: 1 };
const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', 'é', '😀', '\\'), maxLength: 6 });
const positions = fc.array(fc.nat(200), { maxLength: 5 });

describe('lists', () => {
  test('CSV records keep every text, however the file is read, and each position continues after its record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text, text), { maxLength: 5 }), positions, async (records, cuts) => {
        const bytes = Buffer.from(records.map(formatCsvRecord).join(''));
        const split = await collect(splitRecords(cut(bytes, cuts), { ...beginning, hasQuotes: true }));
        expect(split.map((record) => parseCsvRecord(record.bytes.toString()))).toEqual(records);
        for (const [index, { end, line, nextLine }] of split.entries()) {
          expect(nextLine).toBe(split[index + 1]?.line ?? nextLine);
          const rest = splitRecords(cut(bytes.subarray(end), cuts), { offset: end, line: 0, hasQuotes: true });
          expect((await collect(rest)).map((record) => record.end)).toEqual(
            split.slice(index + 1).map((each) => each.end),
          );
          expect(line).toBe(
            bytes
              .subarray(0, split[index - 1]?.end ?? 0)
              .toString()
              .split('\n').length,
          );
        }
      }),
    );
  });

  test.for(['a"b', '"a"b', '"a', 'a,"b""', '"a" ,b'])(
    'a CSV record with a misplaced quotation mark is invalid: %s',
    (record) => {
      expect(parseCsvRecord(record)).toBe(undefined);
    },
  );

  test('a misplaced quotation mark makes its own record invalid, and not the records after it', async () => {
    const bytes = Buffer.from('a,1\nb"b,2\n"c""\nc",3\n"d"d",4\ne,5\n');
    const records = await collect(splitRecords(cut(bytes, [7, 13]), { ...beginning, hasQuotes: true }));
    expect(records.map((record) => parseCsvRecord(record.bytes.toString()))).toEqual([
      ['a', '1'],
      undefined,
      ['c"\nc', '3'],
      undefined,
      ['e', '5'],
    ]);
  });

  test('a last line without a line break is a record', async () => {
    const records = await collect(splitRecords(cut(Buffer.from('a\r\nb'), [2]), { ...beginning, hasQuotes: false }));
    expect(records.map(({ bytes, line, end }) => [bytes.toString(), line, end])).toEqual([
      ['a', 1, 3],
      ['b', 2, 4],
    ]);
  });

  test('a record of more than a mebibyte is rejected, so that a file in another format needs no memory', async () => {
    const chunks = cut(Buffer.alloc(3_000_000, 'a'), [1_000_000, 2_000_000]);
    await expect(collect(splitRecords(chunks, { ...beginning, hasQuotes: false }))).rejects.toThrow(
      'The record on line 1 has more than 1048576 bytes.',
    );
  });

  test.for(['jsonl', 'csv'] as const)('an item survives a list in %s', async (name) => {
    const context = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
    const references = text.filter((value) => value !== '');
    await fc.assert(
      fc.asyncProperty(
        references,
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        context,
        async (reference, ciphertext, pairs) => {
          const format = listFormats[name];
          const item = { reference, ciphertext, context: Object.keys(pairs).length === 0 ? undefined : pairs };
          const written = format.formatHeader(false) + format.formatItem(toBulkItemJson(item), false);
          const records = await collect(
            splitRecords(cut(Buffer.from(written), []), { ...beginning, hasQuotes: format.hasQuotes }),
          );
          const columns = format.readHeader === undefined ? [] : format.readHeader(records.shift() as FileRecord);
          const [record] = records;
          const read = format.readItem(record as FileRecord, columns);
          expect({ ...read, ciphertext: [...read.ciphertext] }).toEqual({ ...item, ciphertext: [...ciphertext] });
        },
      ),
    );
  });

  const valid = { reference: 'a', ciphertext: 'YQ==' };
  const invalid: readonly (readonly [title: string, json: unknown, text: string])[] = [
    ['a list', [], 'The item is not an object.'],
    ['an unknown member', { ...valid, Plaintext: 'x' }, 'The item has an unknown member.'],
    ['no reference', { ciphertext: 'YQ==' }, 'reference must be text'],
    [
      'a reference that JSON cannot read exactly',
      JSON.parse('{"reference": 12345678901234567890}'),
      'reference must be text',
    ],
    ['an empty reference', { ...valid, reference: '' }, 'reference must be text'],
    ['a long reference', { ...valid, reference: 'a'.repeat(1_025) }, 'reference must be text'],
    ['no ciphertext', { reference: 'a' }, 'ciphertext must be'],
    ['an empty ciphertext', { ...valid, ciphertext: '' }, 'ciphertext must be'],
    ['a ciphertext that is not base64', { ...valid, ciphertext: 'YR==' }, 'ciphertext must be'],
    [
      'a ciphertext that is too long',
      { ...valid, ciphertext: Buffer.alloc(6_145).toString('base64') },
      'ciphertext must be',
    ],
    ['a context with a number', { ...valid, context: { a: 1 } }, 'context must be an object'],
    ['a context that is not JSON', { ...valid, context: '{' }, 'context must be an object'],
    ['a context that is a list', { ...valid, context: '[]' }, 'context must be an object'],
  ];
  test.for(invalid)('an item with %s is invalid', ([, json, expected]) => {
    expect(() => readBulkItem(json)).toThrow(expected);
  });

  test.for(['jsonl', 'csv'] as const)('a record in %s that is not in UTF-8 is invalid', (name) => {
    const written = { jsonl: '{"reference": "Zo\xeb", "ciphertext": "YQ=="}', csv: 'Zo\xeb,YQ==' }[name];
    const record = { bytes: Buffer.from(written, 'latin1'), line: 1, nextLine: 2, end: 0 };
    expect(() => listFormats[name].readItem(record, ['reference', 'ciphertext'])).toThrow('is not in UTF-8');
  });

  /** Runs an action with a list in a new folder. */
  async function withList(content: Buffer, action: (file: string, folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'list-'));
    try {
      await writeFile(join(folder, 'list'), content);
      await action(join(folder, 'list'), folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test('a batch of CSV records with line breaks continues at the line after them', async () => {
    await withList(Buffer.from('1,"a\nb\nc"\n2,?\n3,?\n'), async (file) => {
      await using list = await open(file);
      const reading = {
        format: listFormats.csv,
        columns: ['reference', 'ciphertext'],
        offset: 0,
        line: 2,
        maxItems: 1,
      };
      const batches = await collect(readBatches(list, reading));
      expect(batches.map(({ line, records }) => [records[0]?.error?.line, line])).toEqual([
        [2, 5],
        [5, 6],
        [6, 7],
      ]);
    });
  });

  test.for([
    ['in its first 64 KiB', 100, false],
    ['in its last 64 KiB', 999_000, false],
    ['directly before the position at which the run continues', 590_000, false],
    ['elsewhere, which a run cannot notice', 300_000, true],
  ] as const)('a run notices a change of the list %s', async ([, position, continues]) => {
    const content = Buffer.alloc(1_000_000, 'a');
    await withList(content, async (file, folder) => {
      const settings = { from: 'from', key: 'key', format: 'jsonl', failures: 'failures' };
      const openRun = async (list: Awaited<ReturnType<typeof open>>) =>
        new ProgressFile(join(folder, 'out'), { ...settings, list: await identifyList(list, content.length) });
      {
        await using list = await open(file);
        const listSha256 = await hashBefore(list, 600_000);
        const progress = { ...createStart({ columns: [], offset: 600_000, line: 7 }), listSha256 };
        await (await openRun(list)).write(progress);
        expect(await (await openRun(list)).read(list)).toEqual(progress);
      }
      content[position] = 0x62;
      await writeFile(file, content);
      await using list = await open(file);
      const reading = (await openRun(list)).read(list);
      if (continues) expect(await reading).toMatchObject({ offset: 600_000 });
      else await expect(reading).rejects.toThrow('cannot continue, because the list has changed.');
    });
  });

  test('what could not be written stays pending, so that the progress does not skip it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'list-'));
    try {
      const file = await GrowingFile.open(join(folder, 'out.jsonl'), nothingWritten);
      file.add('{}\n');
      // Writing to a closed file fails, as on a full disk.
      await file.close(false);
      await expect(file.flush()).rejects.toThrow();
      await expect(file.flush()).rejects.toThrow();
      expect(file.written).toBe(nothingWritten);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a reference can be a number, and the error of an earlier attempt is ignored', () => {
    const error = { code: 'x', detail: 'y' };
    expect(readBulkItem({ ...valid, reference: 7, context: '', error })).toMatchObject({
      reference: '7',
      context: undefined,
    });
  });
});

describe('requests', () => {
  test('results are in the order of the items, with a limit for the calls at the same time', async () => {
    let running = 0;
    let most = 0;
    async function* count() {
      for (let item = 0; item < 50; item += 1) yield item;
    }
    const results = mapInOrder(count(), 4, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      running -= 1;
      return item;
    });
    expect(await collect(results)).toEqual(Array.from({ length: 50 }, (_, item) => item));
    expect(most).toBe(4);
  });

  const { signal } = new AbortController();
  const failed = (code: string, retryable: boolean): ItemResult => ({ error: { code, detail: code, retryable } });
  const done = (item: number): ItemResult => ({ ciphertext: Uint8Array.of(item) });

  test('every item gets its own outcome, whatever fails temporarily', async () => {
    // Eight repetitions without progress end a run, as the next tests show.
    const faults = fc
      .array(fc.constantFrom('done', 'temporary', 'final', 'request'), { maxLength: 30 })
      .filter((plan) => plan.filter((each) => each === 'temporary' || each === 'request').length <= 8);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), faults, async (count, plan) => {
        let next = 0;
        const finals = new Set<number>();
        const sent = new Map<number, number>();
        const items = Array.from({ length: count }, (_, item) => item);
        const outcomes = await sendItems(items, {
          signal,
          firstPauseMs: 0,
          isTemporary: () => true,
          send: async (batch) => {
            const fault = plan[next++];
            if (fault === 'request') throw new Error('temporary');
            return batch.map((item) => {
              const own = plan[next++];
              if (own === 'temporary') return failed('ThrottlingException', true);
              sent.set(item, (sent.get(item) ?? 0) + 1);
              if (own !== 'final') return done(item);
              finals.add(item);
              return failed('InvalidCiphertextException', false);
            });
          },
        });
        const final = { error: { code: 'InvalidCiphertextException', detail: 'InvalidCiphertextException' } };
        expect(outcomes).toEqual(items.map((item) => (finals.has(item) ? final : done(item))));
        expect([...sent.values()].every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('an item that always fails temporarily is a failure in the end', async () => {
    let requests = 0;
    const send = async (batch: readonly number[]) => {
      requests += 1;
      return batch.map((item) => (item === 1 ? failed('KMSInternalException', true) : done(item)));
    };
    const outcomes = await sendItems([0, 1, 2], { send, signal, isTemporary: () => true, firstPauseMs: 0 });
    expect(outcomes[1]).toEqual({ error: { code: 'KMSInternalException', detail: 'KMSInternalException' } });
    expect(requests).toBe(10);
  });

  test.for([
    ['that is final', false, 1],
    ['that stays temporary', true, 9],
  ] as const)('an error of the whole request %s is thrown', async ([, isTemporary, expected]) => {
    let requests = 0;
    const send = async () => {
      requests += 1;
      throw new Error('the whole request');
    };
    const sending = sendItems([0], { send, signal, isTemporary: () => isTemporary, firstPauseMs: 0 });
    await expect(sending).rejects.toThrow('the whole request');
    expect(requests).toBe(expected);
  });
});
