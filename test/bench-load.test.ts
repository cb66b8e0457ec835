import { describe, expect, test } from 'vitest';
import { effort, type Row } from '../bench/benchmark.ts';
import { loadCreation } from '../bench/load/load-creation.ts';
import { loadFaults } from '../bench/load/load-faults.ts';
import { loadQuota } from '../bench/load/load-quota.ts';
import { loadSimulation } from '../bench/load/load-simulation.ts';
import { isSoak } from './support/soak.ts';

const timeoutMs = 30_000;
const outcomes = ['ok', 'throttled', 'timedOut', 'otherErrors'] as const;

describe.concurrent('a quick run', () => {
  test.for(isSoak ? [loadQuota, loadFaults, loadCreation, loadSimulation] : [loadQuota, loadSimulation])(
    'a quick run of $name counts each call once, in every row',
    { timeout: timeoutMs },
    async (benchmark) => {
      const { rows } = await benchmark.run(effort(true));
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(Object.keys(row)).toEqual(Object.keys(rows[0]!));
        expect(row.calls, String(row.what)).toBeGreaterThan(0);
        expect(sumOutcomes(row), String(row.what)).toBe(row.calls);
      }
    },
  );
});

function sumOutcomes(row: Row): number {
  return outcomes.reduce((total, outcome) => total + Number(row[outcome] ?? 0), 0);
}
