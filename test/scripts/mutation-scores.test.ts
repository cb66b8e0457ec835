import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { areas } from '../../scripts/mutation/areas.ts';
import { run } from '../support/process.ts';
import { isSoak } from '../support/soak.ts';

const timeoutMs = 3 * 3_600_000;

/** Runs only with SOAK=1, because each area takes minutes. */
describe.skipIf(!isSoak)('a mutation run', () => {
  test.each([
    ...areas.map(({ name }) => [name]),
    ...globSync('test/mutants/*.json')
      .sort()
      .map((list) => ['--picked', list]),
  ])('a mutation run reaches its threshold: %s %s', { timeout: timeoutMs }, async (...args) => {
    const { code, output } = await run([process.execPath, 'scripts/mutation/index.ts', ...args], { timeoutMs });
    expect(code, output.slice(-20_000)).toBe(0);
  });
});
