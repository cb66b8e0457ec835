import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disableTypeChecks } from '@stryker-mutator/instrumenter';
import { createInstrumenter } from './mutators.ts';

export interface Mutant {
  readonly id: string;
  readonly file: string;
  /** The number of the line on which the mutant starts, from 1. */
  readonly line: number;
  /** The text of this line, without indentation. */
  readonly lineText: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
}

const options = { excludedMutations: [], ignorers: [], noHeader: false, plugins: null };

/**
 * Writes all mutants of the files into a copy of the tree. `globalThis.__stryker__.activeMutant` selects the mutant that
 * is active, and no mutant is active by default.
 */
export async function instrument(directory: string, files: readonly string[]): Promise<readonly Mutant[]> {
  const instrumenter = await createInstrumenter('changes');
  const contents = new Map(files.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
  const result = await instrumenter.instrument(
    [...contents].map(([name, content]) => ({ name, content, mutate: true })),
    options,
  );
  for (const { name, content } of result.files) writeFileSync(join(directory, name), content);
  return result.mutants.map(({ id, fileName, location: { start, end }, mutatorName, replacement = '' }) => {
    const lines = (contents.get(fileName) ?? '').split('\n');
    const covered = lines.slice(start.line, end.line + 1);
    const last = covered.length - 1;
    covered[last] = covered[last]?.slice(0, end.column) ?? '';
    covered[0] = covered[0]?.slice(start.column) ?? '';
    return {
      id,
      file: fileName,
      line: start.line + 1,
      lineText: lines[start.line]?.trim() ?? '',
      mutator: mutatorName,
      original: joinLines(covered.join('\n')),
      replacement: joinLines(replacement),
    };
  });
}

/**
 * Makes every exported function of the files throw while the mutant `all` is active. The files still compile, because
 * some tests build packages from them.
 */
export async function instrumentThrows(directory: string, files: readonly string[]): Promise<void> {
  const instrumenter = await createInstrumenter('throw');
  for (const file of files) {
    const content = readFileSync(join(directory, file), 'utf8');
    const result = await instrumenter.instrument([{ name: file, content, mutate: true }], options);
    const [instrumented] = result.files;
    if (instrumented === undefined || result.mutants.length === 0) continue;
    const active = instrumented.content.replaceAll(/(stryMutAct_9fa48\()"\d+"/g, '$1"all"');
    const unchecked = await disableTypeChecks({ name: file, content: active, mutate: true }, options);
    writeFileSync(join(directory, file), unchecked.content);
  }
}

function joinLines(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim();
}
