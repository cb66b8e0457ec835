import { configDefaults, defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/** Tests of KMS behavior. If KMS_ENDPOINT is set, only these tests run, against that endpoint. */
const anyKmsTests = [
  'test/emulator/operations/{key-states,modeled-errors}.test.ts',
  'test/emulator/operations/{aliases,policies,rotation}/*.test.ts',
  'test/emulator/operations/keys/keys.test.ts',
  'test/emulator/operations/{import,replicas,tags}/*.test.ts',
  'test/emulator/recorded-answers/*.test.ts',
];
/**
 * The files that mostly start browsers, package the project or run commands: a third of the time. `npm test` omits them,
 * so that developers wait four minutes at most. CI and all other commands run them.
 */
const processTests = [
  'test/{adding-an-operation,bench,bench-load}.test.ts',
  'test/cli/{emulator,invoke-local,start,verify}.test.ts',
  'test/cli/kms-functions/re-encrypt.test.ts',
  'test/client/{browser,packed-package}.test.ts',
  'test/console/console.test.ts',
  'test/docs/{emulator-guides,guides,recipes,rehearsing}.test.ts',
  'test/emulator/store/{crash,several-processes}.test.ts',
  'test/infra/{deploy,local-pages,local-parity,package,packaging-errors}.test.ts',
  'test/scripts/{mutation,verify}.test.ts',
];
const isShort = process.env.SHORT === '1';
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
    exclude: isShort ? [...configDefaults.exclude, ...processTests] : configDefaults.exclude,
    // The test files share loaded modules, because loading them for each file would take a quarter of the time. Tests
    // therefore pass their configuration to handlers, and use servers and keys of their own.
    isolate: false,
  },
});
