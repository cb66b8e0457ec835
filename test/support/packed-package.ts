import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An empty project into which this package was installed as npm would publish it. */
export interface Project {
  readonly folder: string;
  /** Lets the project import a package that the repository has, as if its owner had installed it, too. */
  lend(...packages: string[]): void;
  write(file: string, text: string): void;
  remove(): void;
}

/**
 * Packs this package as npm would publish it and lays it into an empty project, with the dependencies that it declares, and
 * no others, as they are installed here: the tests need no registry.
 */
export async function installPacked(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-project-'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder]);
  const [tarball = ''] = readdirSync(folder);
  const installed = join(folder, 'node_modules', 'kms-functions');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', installed]);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const lend = (...packages: string[]) => {
    for (const name of packages) {
      const link = join(folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(resolve('node_modules', name), link);
    }
  };
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  lend(...Object.keys(dependencies));
  return {
    folder,
    lend,
    write: (file, text) => writeFileSync(join(folder, file), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
