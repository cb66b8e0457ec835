import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a command of the project needs; the state that it makes (`.kms`, `.build`, `.serverless`) is not among it. */
const parts = ['functions', 'shared', 'emulator', 'infra', 'events', 'package.json', 'serverless.yml', 'README.md'];

/** A copy of the project in a directory of its own, as fresh as a clone. */
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

/** A copy of the project for the tests of a file or a block. */
export function useProjectCopy(): { directory: string } {
  return useDirectory(() => copyProject());
}

/** A directory for the tests of a file or a block; it goes with them. */
export function useDirectory(make = makeDirectory): { directory: string } {
  const used = { directory: '' };
  beforeAll(() => {
    used.directory = make();
  });
  afterAll(() => removeDirectory(used.directory));
  return used;
}
