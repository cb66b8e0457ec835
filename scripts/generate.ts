/** Writes the generated files, and removes files for operations that no longer exist. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles, generatedFolders } from './generated-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = await generatedFiles();

for (const [file, content] of files) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), content);
}
for (const folder of generatedFolders) {
  for (const name of await readdir(join(root, folder))) {
    if (!files.has(`${folder}/${name}`)) await rm(join(root, folder, name));
  }
}
