import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { everyOperation } from './project-copy.ts';

export interface PackagedFunction {
  readonly name: string;
  readonly zipBytes: number;
  readonly bundleBytes: number;
  /** The bundle, out of its zip, with nothing beside it. */
  readonly file: string;
}

/** All functions as `serverless package` makes them, each from its zip. */
export function packageAll(folder: string): PackagedFunction[] {
  const root = join(import.meta.dirname, '..');
  const args = ['package', '--stage', 'dev', ...everyOperation, '--package', join(folder, 'package')];
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/serverless'), args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
  const zips = join(root, '.build/zips');
  return readdirSync(zips).map((zip) => {
    const bytes = readFileSync(join(zips, zip));
    const [entry] = Object.entries(unzipSync(bytes));
    if (entry === undefined) throw new Error(`${zip} is empty`);
    const file = join(folder, entry[0]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, entry[1]);
    return { name: zip.replace('.zip', ''), zipBytes: bytes.length, bundleBytes: entry[1].length, file };
  });
}
