import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { bundle } from './bundle.ts';

/** The modification time of all zip entries. A fixed time keeps zips identical as long as the code is unchanged. */
const fixedTime = new Date('1980-01-02T00:00:00Z');

/**
 * Bundles handlers into `folder`, and writes each bundle to `zips/NAME.zip` in that folder. `paths` maps each name to a
 * handler path without its extension. The source map of each bundle is in `source-maps/NAME.map`, and for the deployment
 * bucket in `source-maps/NAME.zip`. Returns the paths of the zips by name, relative to `folder`.
 */
export async function buildArtifacts(paths: ReadonlyMap<string, string>, folder: string): Promise<Map<string, string>> {
  await bundle([...paths.values()], folder, { sourcemap: 'external', sourcesContent: false });
  await mkdir(join(folder, 'zips'), { recursive: true });
  await mkdir(join(folder, 'source-maps'), { recursive: true });
  const zips = new Map<string, string>();
  const write = (path: string, content: Uint8Array) => writeFile(join(folder, path), content);
  for (const [name, path] of paths) {
    const file = `${path}.cjs`;
    const map = await readFile(join(folder, `${file}.map`));
    zips.set(name, join('zips', `${name}.zip`));
    await write(join('zips', `${name}.zip`), await zip(file, await readFile(join(folder, file)), levels.code));
    await write(join('source-maps', `${name}.map`), map);
    await write(join('source-maps', `${name}.zip`), await zip(`${name}.map`, map, levels.map));
  }
  return zips;
}

/** Lambda loads the code at each cold start. Only people load source maps, which take most of the time at level 6. */
const levels = { code: 6, map: 3 };

function zip(name: string, content: Buffer, compressionLevel: number): Promise<Buffer> {
  const file = new ZipFile();
  file.addBuffer(content, name, { mtime: fixedTime, mode: 0o100644, compressionLevel });
  file.end();
  return buffer(file.outputStream);
}
