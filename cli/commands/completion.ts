import { buildBashScript } from '../completion/bash.ts';
import { buildCompletionTable, type Completable } from '../completion/completion-table.ts';
import { buildFishScript } from '../completion/fish.ts';
import { buildZshScript } from '../completion/zsh.ts';
import { UsageError } from '../exit-codes.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';

const builders: Readonly<Record<string, (table: readonly Completable[]) => string>> = {
  bash: buildBashScript,
  zsh: buildZshScript,
  fish: buildFishScript,
};

export async function printCompletion({ args, terminal }: Invocation): Promise<void> {
  const build = Object.hasOwn(builders, args[0] ?? '') ? builders[args[0] ?? ''] : undefined;
  if (build === undefined) throw new UsageError('The shell must be bash, zsh or fish.');
  await writeLine(terminal.stdout, build(await buildCompletionTable()));
}
