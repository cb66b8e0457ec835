import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/** Tests of KMS behavior. If KMS_ENDPOINT is set, only these tests run, against that endpoint. */
const anyKmsTests = [
  'test/emulator/operations/{key-states,modeled-errors}.test.ts',
  'test/emulator/operations/{aliases,policies,rotation}/*.test.ts',
  'test/emulator/operations/keys/keys.test.ts',
  'test/emulator/operations/{import,replicas,tags}/*.test.ts',
  'test/emulator/recorded-answers/*.test.ts',
];
const hasKmsEndpoint = (process.env.KMS_ENDPOINT ?? '') !== '';

export default defineConfig({
  test: {
    // Tests that read log lines set the level themselves.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    globalSetup: 'test/support/shared-folder.ts',
    setupFiles: ['test/support/restore-environment.ts', 'test/support/reuse-rsa-keys.ts'],
    testTimeout: hasKmsEndpoint ? 120_000 : 30_000,
    hookTimeout: hasKmsEndpoint ? 120_000 : 30_000,
    // Titles contain long values, such as conditions and routes.
    taskTitleValueFormatTruncate: 120,
    // CI has two cores. A third worker uses the time in which tests wait for timeouts and for other processes. AWS has
    // request quotas, so only one worker calls it.
    maxWorkers: hasKmsEndpoint ? 1 : 3,
    sequence: { sequencer: LongFirst },
    maxConcurrency: 2,
    include: hasKmsEndpoint ? anyKmsTests : ['test/**/*.test.ts'],
    // The test files share loaded modules, because loading them for each file would take a quarter of the time. Tests
    // therefore pass their configuration to handlers, and use servers and keys of their own.
    isolate: false,
  },
});
