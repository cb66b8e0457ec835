import { type FileHandle, readFile, rm } from 'node:fs/promises';
import { replaceFile } from '../../client/sealer/node/replace-file.ts';
import { FileError, UsageError } from '../exit-codes.ts';
import { hashBefore, type WrittenPart } from './list-files.ts';

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
  /** The number of failed records that are not items. */
  readonly invalid: number;
  /** The hash of the part of the list before `offset`, with which a later run recognizes the list. */
  readonly listSha256: string;
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

  /** Returns the progress of the run to continue, or `undefined` if there is none. Reads the list to recognize it. */
  async read(list: FileHandle): Promise<Progress | undefined> {
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
    const reasons = changed.map(([, reason]) => reason);
    if (reasons.length === 0 && (await hashBefore(list, progress.offset)) !== progress.listSha256)
      reasons.push(settingNames.list);
    if (reasons.length > 0) {
      const text = reasons.join(', and ');
      throw new UsageError(`The run in ${this.path} cannot continue, because ${text}. To begin again, add --force.`);
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
