import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { once } from './once.ts';

const run = promisify(execFile);

/** An empty project with an installation of this package as npm would publish it. */
export interface Project {
  readonly folder: string;
  /** The file that `npm pack` created. */
  readonly tarball: string;
  /** Links packages from the repository, as if the project had installed them. */
  link(...packages: string[]): void;
  write(file: string, text: string): void;
  remove(): void;
}

/**
 * Packs this package as npm would publish it and installs it in an empty project. Links only the declared dependencies
 * from the repository, so the tests do not need a registry.
 */
export async function installPackedPackage(): Promise<Project> {
  const tarball = await once('packed', async (destination) => {
    await run('npm', ['pack', '--silent', '--pack-destination', destination]);
    return join(destination, readdirSync(destination)[0] ?? '');
  });
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-project-'));
  const installed = join(folder, 'node_modules', 'kms-functions');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const link = (...packages: string[]) => {
    for (const name of packages) {
      const target = join(folder, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(resolve('node_modules', name), target);
      linkCommands(folder, name);
    }
  };
  linkCommands(folder, 'kms-functions');
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  link(...Object.keys(dependencies));
  return {
    folder,
    tarball,
    link,
    write: (file, text) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Links the commands of a package into the directory that npx searches, as npm does. */
function linkCommands(folder: string, name: string): void {
  const file = join(folder, 'node_modules', name, 'package.json');
  // A whole scope is one link, so the packages in it do not get commands.
  if (!existsSync(file)) return;
  const { bin = {} } = JSON.parse(readFileSync(file, 'utf8'));
  const commands = typeof bin === 'string' ? { [name]: bin } : (bin as Record<string, string>);
  for (const [command, target] of Object.entries(commands)) {
    const link = join(folder, 'node_modules', '.bin', command);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join('..', name, target), link);
  }
}
