import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run, for what several files need and one of them makes. */
    sharedFolder: string;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'kms-functions-shared-'));

export function setup(project: TestProject): void {
  project.provide('sharedFolder', folder);
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
