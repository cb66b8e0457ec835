import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSoak } from './support/operations.ts';
import { run } from './support/process.ts';

const timeoutMs = 200_000;

const results = readFileSync('bench/results.json', 'utf8');
const short = ['cold-start', 'handler-growth', 'emulator'];

describe('a quick run keeps no figures, and shows that it still runs', () => {
  test.for(isSoak ? Object.keys(JSON.parse(results)) : short)('%s', { timeout: timeoutMs }, async (name) => {
    const { code, output } = await run(['node', 'bench/index.ts', '--quick', '--only', name], { timeoutMs });
    expect(code, output).toBe(0);
    expect(output).toMatch(new RegExp(`^${name}: `, 'm'));
    expect(readFileSync('bench/results.json', 'utf8')).toBe(results);
  });
});

test('a bench that there is not is told, with those that there are', async () => {
  const { code, output } = await run(['node', 'bench/index.ts', '--only', 'nothing']);
  expect(code).toBe(1);
  expect(output).toContain('there is no bench nothing; there are cold-start, warm,');
});
