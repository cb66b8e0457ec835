import { readFile, rm, writeFile } from 'node:fs/promises';
import { replaceFile } from '../../client/sealer/node/replace-file.ts';
import { FileError, UsageError } from '../exit-codes.ts';
import type { WrittenPart } from './list-files.ts';

/** The settings of a run. A run with other settings must not continue it. */
export interface RunSettings {
  /** The identity of the list. */
  readonly list: string;
  readonly from: string;
  readonly key: string;
  readonly format: string;
  readonly failures: string;
}

/** How far a run has come. */
export interface Progress {
  /** The position in the list after the last item with a durable outcome, and the number of its next line. */
  readonly offset: number;
  readonly line: number;
  readonly columns: readonly string[];
  readonly succeeded: number;
  readonly failed: number;
  readonly out: WrittenPart;
  readonly failures: WrittenPart;
}

interface Content {
  readonly version: 1;
  readonly settings: RunSettings;
  readonly progress: Progress;
}

const settingNames = {
  list: 'the list has changed',
  from: '--from is different',
  key: '--key is different',
  format: '--format is different',
  failures: '--failures is different',
} satisfies Record<keyof RunSettings, string>;

/** The file with the progress of a run, next to its output. It exists from the first item to the last. */
export class ProgressFile {
  readonly path: string;
  readonly #settings: RunSettings;

  constructor(out: string, settings: RunSettings) {
    this.path = `${out}.progress`;
    this.#settings = settings;
  }

  /** Returns the progress of the run to continue, or `undefined` if there is none. */
  async read(): Promise<Progress | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const { version, settings, progress } = parse(text) ?? {};
    if (version !== 1 || settings === undefined || progress === undefined)
      throw new FileError(`${this.path} is not the progress of a run. To begin again, add --force.`);
    const changed = Object.entries(settingNames).filter(
      ([name]) => settings[name as keyof RunSettings] !== this.#settings[name as keyof RunSettings],
    );
    if (changed.length > 0) {
      const reasons = changed.map(([, reason]) => reason).join(', and ');
      throw new UsageError(`The run in ${this.path} cannot continue, because ${reasons}. To begin again, add --force.`);
    }
    return progress;
  }

  /** Replaces the progress. After a crash, the file contains either the old or the new one. */
  async write(progress: Progress): Promise<void> {
    const content: Content = { version: 1, settings: this.#settings, progress };
    await replaceFile(this.path, {}, (file) => file.writeFile(JSON.stringify(content)));
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function parse(text: string): Partial<Content> | undefined {
  try {
    return JSON.parse(text) as Partial<Content>;
  } catch {
    return undefined;
  }
}

/** Runs an action while no other process writes to the same output. */
export async function withLock<Result>(out: string, action: () => Promise<Result>): Promise<Result> {
  const path = `${out}.lock`;
  await takeLock(path);
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string): Promise<void> {
  const create = () => writeFile(path, String(process.pid), { flag: 'wx' });
  try {
    await create();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isRunning(pid))
      throw new UsageError(`The process ${pid} writes to the same file. If it is not this command, remove ${path}.`);
    // A process that was killed left the file.
    await rm(path, { force: true });
    await create();
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
