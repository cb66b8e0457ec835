import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './support/process.ts';
import { useDirectory } from './support/project-copy.ts';

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
const allowedInTools =
  /^(MIT|MIT-0|Apache-2\.0|BSD-[23]-Clause|ISC|0BSD|MPL-2\.0|PSF-2\.0|Python-2\.0|CC0-1\.0|CC-BY-4\.0|Zlib|BlueOak-1\.0\.0)$/;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

describe('every dependency', () => {
  test('every dependency has an exact version', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toMatch(/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });

  test('every dependency is locked by hash, without a registry URL', () => {
    for (const [path, { integrity }] of locked) expect(integrity, path).toMatch(/^sha512-/);
    expect(JSON.stringify(lock)).not.toContain('"resolved"');
  });

  test('a dependency runs an install script only if package.json allows the script', () => {
    const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect(scripts.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
  });

  const used = useDirectory();
  test("npm rejects the installation if package.json does not decide about a dependency's install script", async () => {
    const cwd = used.directory;
    const npm = (...args: string[]) => run(['npm', ...args], { cwd, env: { HOME: cwd } });
    mkdirSync(join(cwd, 'dep'));
    const scripts = { install: 'exit 0' };
    writeFileSync(join(cwd, 'dep', 'package.json'), JSON.stringify({ name: 'dep', version: '1.0.0', scripts }));
    const packed = await npm('pack', './dep', '--ignore-scripts');
    expect(packed.code, packed.output).toBe(0);
    const dependencies = { dep: 'file:dep-1.0.0.tgz' };
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies }));
    copyFileSync('.npmrc', join(cwd, '.npmrc'));
    const install = ['install', '--offline', '--no-audit', '--no-fund'];
    const rejected = await npm(...install);
    expect(rejected.output).toContain('ESTRICTALLOWSCRIPTS');
    expect(rejected.code).not.toBe(0);
    const approved = await npm(...install, '--dangerously-allow-all-scripts');
    expect(approved.code, approved.output).toBe(0);
  });

  test('every dependency in the published package or a bundle has a permissive license', () => {
    const shipped = locked.filter(([path, { dev }]) => !dev || budget.packages.includes(nameOf(path)));
    expect(shipped.length).toBeGreaterThan(budget.packages.length);
    for (const [path, { license = 'none' }] of shipped)
      expect([...permissive], `${path}: ${license}`).toContain(license);
  });

  test("every dependency has a license that does not apply to this project's own code", () => {
    for (const [path, { license = 'none' }] of locked) {
      const choices = license.replaceAll(/[()]/g, '').split(' OR ');
      const isAllowed = choices.some((choice) => choice.split(' AND ').every((part) => allowedInTools.test(part)));
      expect(isAllowed, `${path}: ${license}`).toBe(true);
    }
  });
});

test('every action in a workflow is pinned to a commit', () => {
  const workflows = readdirSync('.github/workflows').map((name) =>
    readFileSync(join('.github/workflows', name), 'utf8'),
  );
  const actions = workflows.flatMap((text) => [...text.matchAll(/\buses: (\S+)/g)].map(([, action]) => action));
  expect(actions.length).toBeGreaterThan(workflows.length);
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
});

test('every npm script that a workflow runs exists', () => {
  const runs = readdirSync('.github/workflows').flatMap((name) => [
    ...readFileSync(join('.github/workflows', name), 'utf8').matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g),
  ]);
  const scripts = new Set(runs.map(([, script = '']) => script));
  expect([...scripts]).toEqual(expect.arrayContaining(['build:binary', 'sbom']));
  expect([...scripts].filter((script) => !(script in manifest.scripts))).toEqual([]);
});
