import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files that the project's commands require, without the files that they create. */
const folders = ['functions', 'shared', 'envelope', 'emulator', 'infra', 'events'];
const parts = [...folders, 'package.json', 'serverless.yml', 'README.md'];

/** Copies the project into a new directory, like a fresh clone. */
export function copyProject(directory = makeDirectory()): string {
  for (const part of parts) cpSync(join(root, part), join(directory, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'kms-functions-'));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Copies the project for the tests in a file or a `describe` block, and removes the copy after them. */
export function useProjectCopy(): { directory: string } {
  return useDirectory(() => copyProject());
}

/** Creates a directory for the tests in a file or a `describe` block, and removes it after them. */
export function useDirectory(make = makeDirectory): { directory: string } {
  const used = { directory: '' };
  beforeAll(() => {
    used.directory = make();
  });
  afterAll(() => removeDirectory(used.directory));
  return used;
}
