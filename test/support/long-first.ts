import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that start processes: begun last, one of them alone would hold up the end. */
const long = /\/test\/(cli|infra|docs|openapi)\/|\/adding-an-operation\.|\/(crash|errors|canary|local-only)\.test/;

/** The long files first, then Vitest's own order. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
