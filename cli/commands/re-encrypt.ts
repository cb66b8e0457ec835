import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Client } from '../../client/client.ts';
import { KmsFunctionsClientError } from '../../client/errors.ts';
import { type BulkItem, toBatchItem } from '../../functions/bulk/bulk-item.ts';
import { type ItemResult, sendItems } from '../../functions/bulk/send-items.ts';
import { identifyList, readChunks } from '../bulk/list-files.ts';
import { findListFormat, type ListFormat } from '../bulk/list-format.ts';
import { withLocks } from '../bulk/lock-outputs.ts';
import { type Progress, ProgressFile } from '../bulk/progress-file.ts';
import { createStart, readBatches, reEncryptList } from '../bulk/re-encrypt-list.ts';
import { splitRecords } from '../bulk/split-records.ts';
import { CommandError, FileError, UsageError } from '../exit-codes.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { explainFileErrors } from '../files/write-file.ts';
import { createProgressBar } from '../output/progress-bar.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import type { FlagValues } from '../table/flags.ts';
import { writeLine } from '../terminal.ts';

interface Settings {
  readonly list: string;
  readonly out: string;
  readonly failures: string;
  readonly from: string;
  readonly key: string;
  readonly format: ListFormat;
  readonly perSecond: number | undefined;
}

/** The list to read. */
interface OpenList {
  readonly handle: FileHandle;
  readonly bytes: number;
  /** The columns of the list, and the position of its first item. */
  readonly start: Progress;
}

export async function reEncrypt(invocation: Invocation): Promise<void> {
  const { flags } = invocation;
  const settings = readSettings(flags);
  const list = await openList(settings);
  try {
    if (flags.dryRun) return await countItems(list, settings, invocation);
    await rejectSameFile(list, settings);
    const { out, failures } = settings;
    await explainFileErrors(out, () => withLocks([out, failures], () => runList(list, settings, invocation)));
  } finally {
    await list.handle.close();
  }
}

function readSettings({ in: list = '', out = '', from = '', key = '', failures, format, rate }: FlagValues): Settings {
  const lists = { '--in': list, '--out': out, '--failures': failures ?? nameFailures(out) };
  const paths = Object.values(lists).map((file) => resolve(file));
  if (new Set(paths).size < paths.length) throw new UsageError('--in, --out and --failures must be different files.');
  if (list === '-' || out === '-')
    throw new UsageError('--in and --out must be files, because an interrupted run continues with them.');
  return { list, out, failures: lists['--failures'], from, key, format: findListFormat(list, format), perSecond: rate };
}

/** Rejects an output that is the list under another name, such as a link. Writing to it would delete the list. */
async function rejectSameFile({ handle }: OpenList, { out, failures }: Settings): Promise<void> {
  const list = await handle.stat({ bigint: true });
  for (const file of [out, failures]) {
    const existing = await stat(file, { bigint: true }).catch(() => undefined);
    if (existing?.dev === list.dev && existing.ino === list.ino)
      throw new UsageError(`${file} is the list itself. --in, --out and --failures must be different files.`);
  }
}

/** Returns `new.failures.jsonl` for `new.jsonl`. */
function nameFailures(out: string): string {
  const ending = extname(out);
  return `${out.slice(0, out.length - ending.length)}.failures${ending}`;
}

async function openList({ list, format }: Settings): Promise<OpenList> {
  const handle = await open(list).catch((error: unknown) => {
    throw new FileError(describeFileError(error, list), error);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile())
      throw new UsageError(`${list} is not a file. An interrupted run continues at a position in it.`);
    return { handle, bytes: stats.size, start: await readStart(handle, format) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads the header of the list, if its format has one. */
async function readStart(handle: FileHandle, { readHeader, hasQuotes }: ListFormat): Promise<Progress> {
  const beginning = { offset: 0, line: 1 };
  if (readHeader === undefined) return createStart({ ...beginning, columns: [] });
  for await (const record of splitRecords(readChunks(handle, 0), { ...beginning, hasQuotes }))
    return createStart({ columns: readHeader(record), offset: record.end, line: record.nextLine });
  throw new UsageError('The list is empty.');
}

async function runList(list: OpenList, settings: Settings, invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const { signal } = terminal;
  const { out, failures, from, key, format, perSecond } = settings;
  const identity = await identifyList(list.handle, list.bytes);
  const progressFile = new ProgressFile(out, { list: identity, from, key, format: format.name, failures });
  const start = await findStart(progressFile, list, settings, invocation);
  const client = await invocation.connect();
  const bar = createProgressBar(basename(settings.list), terminal, flags.progress);
  const startedMs = performance.now();
  const done = ({ succeeded, failed }: Progress) => succeeded + failed;
  let end: Progress;
  try {
    end = await reEncryptList({
      ...{ list: list.handle, format, out, failures, progressFile, start, perSecond, signal },
      reEncrypt: (items) => sendItems(items, { send: createSender(client, settings), isTemporary, signal }),
      onProgress: (progress) => {
        const seconds = (performance.now() - startedMs) / 1_000;
        const perSecondNow = Math.round((done(progress) - done(start)) / Math.max(0.001, seconds));
        const items = `${format1000(done(progress))} items, ${format1000(perSecondNow)}/s`;
        bar.update(progress.offset, list.bytes, items);
      },
    });
  } finally {
    bar.end();
  }
  await progressFile.remove();
  await report(end, settings, invocation);
}

/** Returns the progress to continue with, or the beginning of the list. */
async function findStart(
  progressFile: ProgressFile,
  { handle, start }: OpenList,
  { out, failures }: Settings,
  { flags, terminal }: Invocation,
): Promise<Progress> {
  if (flags.force) {
    await progressFile.remove();
    return start;
  }
  const progress = await progressFile.read(handle);
  if (progress !== undefined) {
    const count = format1000(progress.succeeded + progress.failed);
    await writeLine(terminal.stderr, `Continuing after ${count} items.`);
    return progress;
  }
  for (const file of [out, failures]) {
    if (await stat(file).catch(() => undefined))
      throw new FileError(`${file} exists already. To replace it, add --force.`);
  }
  return start;
}

function createSender(client: Client, { from, key }: Settings) {
  return async (items: readonly BulkItem[]): Promise<ItemResult[]> => {
    const { Results } = await client.reEncryptBatch({
      SourceKeyId: from,
      DestinationKeyId: key,
      Items: items.map(toBatchItem),
    });
    return Results.map((result) => {
      if (result.Error !== undefined) return { error: result.Error };
      return { ciphertext: result.CiphertextBlob };
    });
  };
}

/** An error that a later request may not have, as during a deployment or without a network. */
function isTemporary(error: unknown): boolean {
  return error instanceof KmsFunctionsClientError && error.retryable;
}

async function report(
  { succeeded, failed, invalid }: Progress,
  settings: Settings,
  invocation: Invocation,
): Promise<void> {
  const { out, failures } = settings;
  if (invocation.flags.json) {
    const files = { Out: out, ...(failed > 0 && { Failures: failures }) };
    await writeJson({ ...files, Succeeded: succeeded, Failed: failed }, invocation);
  } else {
    const all = format1000(succeeded + failed);
    await writeLine(invocation.terminal.stdout, `Re-encrypted ${format1000(succeeded)} of ${all} items into ${out}.`);
  }
  if (failed === 0) return;
  const use = `${failures} contains them with their errors, and can be used as --in`;
  const correction =
    invalid === 0 ? '' : ` after you have corrected ${format1000(invalid)} records with InvalidItemError`;
  throw new CommandError('service', 'ItemsFailedError', `${format1000(failed)} items failed. ${use}${correction}.`);
}

/** Reads the whole list, and checks with the first item whether the keys can be used. Writes nothing. */
async function countItems(list: OpenList, settings: Settings, invocation: Invocation): Promise<void> {
  const { handle, start } = list;
  const bar = createProgressBar(basename(settings.list), invocation.terminal, invocation.flags.progress);
  let items = 0;
  const invalid: { readonly line: number; readonly detail: string }[] = [];
  let invalidCount = 0;
  let first: BulkItem | undefined;
  const reading = { format: settings.format, columns: start.columns, offset: start.offset, line: start.line };
  for await (const { records, offset } of readBatches(handle, reading)) {
    for (const { item, error } of records) {
      if (item !== undefined) {
        items += 1;
        first ??= item;
        continue;
      }
      invalidCount += 1;
      if (invalid.length < maxShown) invalid.push({ line: error.line, detail: error.error.detail });
    }
    bar.update(offset, list.bytes, `${format1000(items)} items`);
    invocation.terminal.signal.throwIfAborted();
  }
  bar.end();
  const check = first === undefined ? undefined : await checkFirst(first, settings, invocation);
  await reportCount({ items, invalidCount, invalid, check }, invocation);
}

/** The number of invalid records that a dry run shows. */
const maxShown = 10;

/** Asks KMS whether the caller may re-encrypt the first item, without re-encrypting it. */
async function checkFirst(item: BulkItem, { from, key }: Settings, invocation: Invocation) {
  const client = await invocation.connect();
  const request = { SourceKeyId: from, DestinationKeyId: key, DryRun: true, Items: [toBatchItem(item)] };
  const { Results } = await client.reEncryptBatch(request);
  const error = Results[0]?.Error;
  // The response to a dry run is an error in any case (https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html).
  return error === undefined || error.code === 'DryRunOperationException' ? undefined : error;
}

interface Count {
  readonly items: number;
  readonly invalidCount: number;
  readonly invalid: readonly { readonly line: number; readonly detail: string }[];
  readonly check: { readonly code: string; readonly detail: string } | undefined;
}

async function reportCount({ items, invalidCount, invalid, check }: Count, invocation: Invocation): Promise<void> {
  const { stdout } = invocation.terminal;
  if (invocation.flags.json) {
    const error = check && { Error: { code: check.code, detail: check.detail } };
    await writeJson({ Items: items, Invalid: invalidCount, InvalidRecords: invalid, ...error }, invocation);
  } else {
    await writeLine(
      stdout,
      `The list has ${format1000(items)} items. ${format1000(invalidCount)} other records are not items.`,
    );
    for (const { line, detail } of invalid) await writeLine(stdout, `Line ${line}: ${detail}`);
  }
  if (check !== undefined)
    throw new CommandError('service', check.code, `The first item cannot be re-encrypted: ${check.detail}`);
}

function format1000(count: number): string {
  return count.toLocaleString('en-US');
}
