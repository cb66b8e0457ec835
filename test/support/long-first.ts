import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest. They start first, because a long file that starts last would extend the run. Files that
 * use the fixed ports wait for each other, so the list has other files between them.
 */
const first = [
  'cli/start',
  'infra/local-parity',
  'infra/deploy',
  'infra/package',
  'adding-an-operation',
  'docs/guides',
  'docs/recipes',
  'scripts/verify',
  'console/console',
  'cli/invoke-local',
  'infra/local-pages',
  'docs/emulator-guides',
  'infra/packaging-errors',
  'client/retries',
  'cli/emulator',
  'client/browser',
  'functions/sdk-parity',
  'shared/errors/errors',
  'openapi/responses',
  'cli/verify',
  'shared/authorization/tenant-keys',
  'client/packed-package',
  'shared/observability/canary',
  'shared/kms/attempts',
  'emulator/store/crash',
].map((name) => `/test/${name}.test.ts`);

/** Sorts the longest files first and keeps Vitest's order for the other files. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = first.findIndex((name) => moduleId.endsWith(name));
      return index === -1 ? first.length : index;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
