import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LicenseText } from '../package-licenses.ts';

/**
 * Reads the license of Node.js, which contains the licenses of its libraries. The npm package `node` keeps it in the
 * package of the platform, which `npm install` removes again. Other installations keep it next to `bin/`.
 */
export function readNodeLicense(nodeExecutable: string): LicenseText {
  const root = dirname(dirname(nodeExecutable));
  const folders = [join(root, 'node_modules', `node-${process.platform}-${process.arch}`), root];
  const file = folders.map((folder) => join(folder, 'LICENSE')).find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`${root} does not contain the license of Node.js: run \`npm ci\``);
  return { titles: [`Node.js ${process.version}`], text: readFileSync(file, 'utf8').trim() };
}
