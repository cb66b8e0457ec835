import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { root } from './copied-tree.ts';

const pickedMutant = z.strictObject({
  file: z.string(),
  /** The code to replace, which must occur exactly once in the file. */
  find: z.string().check(z.minLength(1)),
  replace: z.string(),
  /** The test files or folders that run, which default to those of the file's folder. */
  tests: z.optional(z.array(z.string()).check(z.minLength(1))),
  /** The reason why no test can notice the change. */
  equivalent: z.optional(z.string().check(z.minLength(1))),
});

export type PickedMutant = z.infer<typeof pickedMutant>;

/** Reads a list of mutants. Throws an error that lists each mutant whose code the tree does not contain exactly once. */
export function readPickedMutants(list: string, directory: string): readonly PickedMutant[] {
  const mutants = z.array(pickedMutant).parse(JSON.parse(readFileSync(list, 'utf8')));
  const errors = mutants.flatMap((mutant) => {
    const { file, find, replace, tests = [] } = mutant;
    if (!existsSync(join(directory, file))) return [`${file} does not exist`];
    const count = readFileSync(join(directory, file), 'utf8').split(find).length - 1;
    const missing = tests.filter((test) => !existsSync(join(directory, test)));
    return [
      ...(count === 1 ? [] : [`${file} contains ${count} times: ${find}`]),
      ...(find === replace ? [`${file}: the replacement is the same code: ${find}`] : []),
      ...missing.map((test) => `${file}: the test ${test} does not exist`),
    ];
  });
  if (errors.length > 0) throw new Error(`${list} does not match the code:\n${errors.join('\n')}`);
  return mutants;
}

/** Returns the tests of a mutant: its own list, or the test folder of the deepest folder of the file that has one. */
export function findTests({ file, tests }: PickedMutant, directory: string): readonly string[] {
  if (tests !== undefined) return tests;
  const folders = file.split('/').slice(0, -1);
  for (let depth = folders.length; depth > 0; depth -= 1) {
    const folder = ['test', ...folders.slice(0, depth)].join('/');
    if (existsSync(join(directory, folder))) return [folder];
  }
  throw new Error(`No test folder corresponds to ${file}. Name the tests in the list.`);
}

/** Returns the test files in these files and folders. */
export function listTestFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) =>
    path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.test.ts`, { cwd: root }).sort(),
  );
}
