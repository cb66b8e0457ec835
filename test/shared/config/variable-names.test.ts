import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { variableNames } from '../../../shared/config/variable-names.ts';

const names = Object.keys(variableNames);
const readAll = (...patterns: string[]) =>
  globSync(patterns)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

describe('every environment variable', () => {
  test('every environment variable is read by a function, unless Powertools or the SDK reads it', () => {
    const sources = readAll('shared/**/*.ts', 'functions/**/*.ts');
    const unread = names.filter((name) => !sources.includes(`(environment, '${name}')`));
    expect(unread.sort()).toEqual([]);
  });

  test('every environment variable is set by the deployment, unless Lambda or the operator sets it', () => {
    const sources = readAll('infra/**/*.ts');
    const unset = names.filter((name) => !sources.includes(`[variableNames.${name}]:`));
    expect(unset.sort()).toEqual(['endpoint', 'region', 'snsEndpoint']);
  });
});
