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

/** Tests whose modules have no state. With `isolate: false` they share loaded modules, which saves loading them per file. */
const statelessTests = [
  'test/{emulator,envelope,parity,scripts}/**/*.test.ts',
  'test/{generated-files,import-graph,supply-chain}.test.ts',
  'test/client/{bundle,lambda,retries,types}.test.ts',
  'test/docs/{commands,contributing,doc-blocks,every-page}.test.ts',
  'test/functions/audit/*.test.ts',
  'test/infra/{audit,authorization,bundles,gateway,monitoring,network,parameters,pipeline}.test.ts',
  'test/infra/{callers-roles,policy-documents,roles,roles-at-kms,stage-names,template,workflows-at-kms}.test.ts',
  'test/openapi/{document,local-only}.test.ts',
  'test/shared/authorization/{key-list,policy-lockout}.test.ts',
  'test/shared/{config/variable-names,declaration/*,errors/input-errors,kms/sha256}.test.ts',
  'test/shared/observability/metric-definitions.test.ts',
];

export default defineConfig({
  test: {
    // Tests that read log lines set the level themselves.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    globalSetup: 'test/support/shared-folder.ts',
    setupFiles: 'test/support/reuse-rsa-keys.ts',
    testTimeout: hasKmsEndpoint ? 120_000 : 30_000,
    hookTimeout: hasKmsEndpoint ? 120_000 : 30_000,
    // Titles contain long values, such as conditions and routes.
    taskTitleValueFormatTruncate: 120,
    // CI has two cores, so more workers would only wait for each other. AWS has request quotas, so only one worker calls it.
    maxWorkers: hasKmsEndpoint ? 1 : 2,
    sequence: { sequencer: LongFirst },
    maxConcurrency: 2,
    projects: hasKmsEndpoint
      ? [{ extends: true, test: { name: 'any KMS', include: anyKmsTests } }]
      : [
          { extends: true, test: { name: 'stateless', include: statelessTests, isolate: false } },
          { extends: true, test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: statelessTests } },
        ],
  },
});
