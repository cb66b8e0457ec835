import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';

/** The tests of KMS's behaviour that any KMS can be asked, AWS's own too: with KMS_ENDPOINT, they are all that runs. */
const ofAnyKms = [
  'test/emulator/operations/{key-states,modelled-errors}.test.ts',
  'test/emulator/operations/{aliases,policies,rotation}/*.test.ts',
  'test/emulator/operations/keys/keys.test.ts',
  'test/emulator/operations/{import,replicas,tags}/*.test.ts',
];
const isElsewhere = (process.env.KMS_ENDPOINT ?? '') !== '';

/** Their modules keep nothing from one test to another: what one file has loaded serves the next. */
const ofTheEmulator = ['test/emulator/**/*.test.ts', 'test/parity/**/*.test.ts'];

export default defineConfig({
  test: {
    // A test that reads log lines sets the level it needs.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    globalSetup: 'test/support/shared-folder.ts',
    testTimeout: isElsewhere ? 120_000 : 30_000,
    hookTimeout: isElsewhere ? 120_000 : 30_000,
    // Two cores: more workers only wait for one another. One, where requests are counted.
    maxWorkers: isElsewhere ? 1 : 2,
    sequence: { sequencer: LongFirst },
    maxConcurrency: 2,
    projects: isElsewhere
      ? [{ extends: true, test: { name: 'any KMS', include: ofAnyKms } }]
      : [
          { extends: true, test: { name: 'emulator', include: ofTheEmulator, isolate: false } },
          { extends: true, test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: ofTheEmulator } },
        ],
  },
});
