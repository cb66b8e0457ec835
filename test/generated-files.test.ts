import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles, generatedFolders } from '../scripts/generated-files.ts';

const files = await generatedFiles();

test.each([...files.keys()])('%s is as npm run generate writes it', (file) => {
  expect(readFileSync(file, 'utf8')).toBe(files.get(file));
});

test.each(generatedFolders)('%s holds nothing else', (folder) => {
  for (const name of readdirSync(folder)) expect(files.has(`${folder}/${name}`)).toBe(true);
});
