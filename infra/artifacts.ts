import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { bundle } from './bundle.ts';

/** The same bytes for the same code, so that a deployment leaves unchanged functions alone. */
const fixedTime = new Date('1980-01-02T00:00:00Z');

/**
 * Bundles the handlers with these paths (without ending) into `folder`, and zips each by itself to `zips/NAME.zip` there.
 * Answers the zips' paths in `folder`, by name.
 */
export async function makeArtefacts(paths: ReadonlyMap<string, string>, folder: string): Promise<Map<string, string>> {
  await bundle([...paths.values()], folder);
  await mkdir(join(folder, 'zips'), { recursive: true });
  const zips = new Map<string, string>();
  for (const [name, path] of paths) {
    const file = `${path}.cjs`;
    const zip = zipSync({ [file]: await readFile(join(folder, file)) }, { mtime: fixedTime, level: 9 });
    zips.set(name, join('zips', `${name}.zip`));
    await writeFile(join(folder, 'zips', `${name}.zip`), zip);
  }
  return zips;
}
