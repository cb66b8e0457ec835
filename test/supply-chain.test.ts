import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const budget = JSON.parse(readFileSync('test/infra/bundle-budget.json', 'utf8')) as { packages: string[] };
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

/** The licenses that are allowed for packages that users install. They require at most attribution. */
const permissive = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);
/** The licenses that are allowed for development tools. They require at most the publication of changes to the tool. */
const allowedInTools = /^(MIT|MIT-0|Apache-2\.0|BSD-[23]-Clause|ISC|0BSD|MPL-2\.0|PSF-2\.0|Python-2\.0|CC0-1\.0|Zlib)$/;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

describe('every dependency', () => {
  test('has an exact version', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toMatch(/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/);
    }
  });

  test('is locked by hash, without a registry URL', () => {
    for (const [path, { integrity }] of locked) expect(integrity, path).toMatch(/^sha512-/);
    expect(JSON.stringify(lock)).not.toContain('"resolved"');
  });

  test('runs an install script only if package.json allows it', () => {
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect(scripts.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
  });

  test('has a permissive license if the published package or a bundle contains it', () => {
    const shipped = locked.filter(([path, { dev }]) => !dev || budget.packages.includes(nameOf(path)));
    expect(shipped.length).toBeGreaterThan(budget.packages.length);
    for (const [path, { license = 'none' }] of shipped)
      expect([...permissive], `${path}: ${license}`).toContain(license);
  });

  test("has a license that does not apply to this project's own code", () => {
    for (const [path, { license = 'none' }] of locked) {
      const choices = license.replaceAll(/[()]/g, '').split(' OR ');
      const isAllowed = choices.some((choice) => choice.split(' AND ').every((part) => allowedInTools.test(part)));
      expect(isAllowed, `${path}: ${license}`).toBe(true);
    }
  });
});
