import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** This run's folder for results that several test files share. */
    sharedFolder: string;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'kms-functions-shared-'));

// The test workers inherit the variable. Without shared compiled code, each test file compiles the SDK again.
process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');

export function setup(project: TestProject): void {
  project.provide('sharedFolder', folder);
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
