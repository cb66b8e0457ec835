import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clients } from '../../scripts/compatibility/clients.ts';
import { readReport } from '../../scripts/compatibility/report.ts';
import { readClientResults } from '../../scripts/compatibility/results.ts';

const folder = 'scripts/compatibility/clients';

describe('readReport', () => {
  const steps = ['encrypt', 'decrypt'];

  test.for([
    ['reports success if every step succeeded', 'version: 1.2.3\nok: encrypt\nok: decrypt\n', 0, undefined],
    ['reports a step that the program skipped', 'ok: encrypt\n', 0, 'decrypt: not reported, exit code 0'],
    ['reports the step and the message of a failure', 'ok: encrypt\nfailed: x is not y\n', 1, 'decrypt: x is not y'],
    ['reports a crash after the last step', 'ok: encrypt\nok: decrypt\n', 139, 'exit code 139'],
  ] as const)('%s', ([, output, code, failure]) => {
    expect(readReport(output, code, steps).failure).toBe(failure);
  });

  test('reads the version, and ignores other lines', () => {
    expect(readReport('warning\nversion: v1.2.3 \nok: encrypt', 0, ['encrypt'])).toEqual({
      version: 'v1.2.3',
      passed: ['encrypt'],
    });
  });
});

describe('the compatibility programs', () => {
  test('each folder belongs to a client', () => {
    expect(readdirSync(folder).sort()).toEqual([...new Set(clients.map((client) => client.folder))].sort());
  });

  test.for([
    ['requirements.txt', /^[\w.-]+==[\w.]+$/],
    ['Cargo.toml', /version = "=/],
  ] as const)('each %s requires exact versions', ([name, exact]) => {
    const files = clients.flatMap((client) => readLines(client.folder, name));
    const dependencies = files.filter((line) => (name === 'Cargo.toml' ? /^[\w-]+ = \{/.test(line) : line !== ''));
    expect(dependencies.filter((line) => !exact.test(line))).toEqual([]);
    expect(dependencies.length).toBeGreaterThan(1);
  });

  test('at least eight clients in five languages passed their last run', () => {
    const passed = readClientResults().flatMap((result) =>
      result.failure === undefined ? clients.filter(({ name }) => name === result.name) : [],
    );
    expect(passed.length).toBeGreaterThanOrEqual(8);
    expect(new Set(passed.map(({ language }) => language)).size).toBeGreaterThanOrEqual(5);
  });
});

function readLines(client: string, name: string): string[] {
  const files = readdirSync(join(folder, client)).filter((file) => file === name);
  return files.flatMap((file) => readFileSync(join(folder, client, file), 'utf8').split('\n'));
}
