export interface Area {
  readonly name: string;
  /** The folders and files with the code to mutate. */
  readonly code: readonly string[];
  /** The folders and files with the tests to run, fastest first. */
  readonly tests: readonly string[];
  /** The lowest score, in percent, without equivalents. */
  readonly threshold: number;
}

/** Files without an emulator, which try a mutant within milliseconds. */
const chainTests = [
  'test/shared/authorization/guard-rules.test.ts',
  'test/shared/authorization/member-rules.test.ts',
  'test/shared/authorization/caller-rules.test.ts',
  'test/shared/authorization/key-list.test.ts',
  'test/shared/authorization/tenant-rules.test.ts',
  'test/shared/authorization/listed-keys.test.ts',
  'test/shared/authorization/look-ups.test.ts',
  'test/shared/authorization/tenant-tags.test.ts',
  'test/shared/handler/step-rules.test.ts',
  'test/shared/handler/middleware-rules.test.ts',
  'test/shared/errors/error-rules.test.ts',
  'test/shared/errors/input-errors.test.ts',
  'test/shared/observability/record-rules.test.ts',
];

export const areas: readonly Area[] = [
  { name: 'authorization', code: ['shared/authorization'], tests: chainTests, threshold: 98 },
  {
    name: 'middleware',
    code: ['shared/handler'],
    tests: [
      'test/shared/handler/middleware-rules.test.ts',
      'test/shared/handler/octet-stream-rules.test.ts',
      ...chainTests,
      'test/functions/tokens/lookup-tokens.test.ts',
      'test/shared/idempotency/idempotency-keys.test.ts',
      'test/shared/idempotency/create-key-once.test.ts',
    ],
    threshold: 98,
  },
  {
    name: 'errors',
    code: ['shared/errors'],
    tests: ['test/shared/errors/error-rules.test.ts', 'test/shared/errors/input-errors.test.ts', ...chainTests],
    threshold: 95,
  },
  {
    name: 'audit',
    code: ['functions/audit/forward', 'shared/observability'],
    tests: [
      'test/functions/audit/forwarder-rules.test.ts',
      'test/shared/observability/record-rules.test.ts',
      'test/shared/observability/metrics.test.ts',
      'test/shared/observability/metric-definitions.test.ts',
      'test/functions/audit/unrecorded-calls.test.ts',
      'test/functions/audit/forward.test.ts',
      'test/functions/audit/alarm-topic.test.ts',
      'test/functions/audit/forged-records.test.ts',
    ],
    threshold: 95,
  },
];

/** The lowest score, in percent, of a list of picked mutants. */
export const defaultListThreshold = 95;
/** The lowest scores of the lists that were drawn at random. */
export const listThresholds: Readonly<Record<string, number>> = { 'access.json': 96, 'crypto.json': 96 };
