import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSoak } from './support/operations.ts';
import { run } from './support/process.ts';

const timeoutMs = 200_000;
const results = readFileSync('bench/results.json', 'utf8');
const quickest = ['emulator'];

describe('a quick run', () => {
  const names = isSoak ? Object.keys(JSON.parse(results)) : quickest;

  test.for(names)(
    'a quick run of the benchmark %s prints a table and does not change the saved results',
    { timeout: timeoutMs },
    async (name) => {
      const { code, output } = await run(['node', 'bench/index.ts', '--quick', '--only', name], { timeoutMs });
      expect(code, output).toBe(0);
      expect(output).toMatch(new RegExp(`^${name}: `, 'm'));
      expect(readFileSync('bench/results.json', 'utf8')).toBe(results);
    },
  );
});

test('the benchmark command rejects an unknown benchmark and lists the known benchmarks', async () => {
  const { code, output } = await run(['node', 'bench/index.ts', '--only', 'nothing']);
  expect(code).toBe(1);
  expect(output).toContain('The benchmark nothing does not exist. Choose one of cold-start, warm,');
});
