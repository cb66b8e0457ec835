import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles, generatedFolders } from '../scripts/generated-files.ts';

const files = await generatedFiles();

test.each([...files.keys()])('%s equals the output of npm run generate', (file) => {
  expect(readFileSync(file, 'utf8')).toBe(files.get(file));
});

test('npm run generate creates the same files each time', async () => {
  expect(await generatedFiles()).toEqual(files);
});

test.each(generatedFolders)('%s contains only generated files', (folder) => {
  for (const name of readdirSync(folder)) expect(files.has(`${folder}/${name}`)).toBe(true);
});
