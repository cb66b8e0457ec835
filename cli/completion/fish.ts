import { listValueFlags } from './bash.ts';
import type { Candidate, Completable, CompletableFlag } from './completion-table.ts';

/** Builds the script for fish. */
export function buildFishScript(table: readonly Completable[]): string {
  return `# fish completion for kms-functions
function __kms_functions_at --description 'Succeeds if the command line is at this command and argument'
  set -l name ''
  set -l position 0
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case ${listValueFlags(table).join(' ')}
        set skip 1
      case '-*'
      case '*'
        switch "$name/$word"
          case ${listSteps(table).join(' ')}
            set name (string trim "$name $word")
          case '*'
            set position (math $position + 1)
        end
    end
  end
  test "$name" = "$argv[1]"; and test (count $argv) = 1 -o "$position" = "$argv[2]"
end
complete -c kms-functions -f
${table.flatMap(buildLines).join('\n')}`;
}

function listSteps(table: readonly Completable[]): string[] {
  return table.flatMap(({ command, subcommands }) => subcommands.map(({ word }) => `'${command}/${word}'`));
}

function buildLines({ command, subcommands, flags, args }: Completable): string[] {
  const at = (position?: number) =>
    `complete -c kms-functions -n "__kms_functions_at '${command}'${position === undefined ? '' : ` ${position}`}"`;
  return [
    ...subcommands.map((candidate) => `${at(0)} ${writeCandidate(candidate)}`),
    ...args.flatMap((values, index) => {
      if (values === 'text') return [];
      return [`${at(index)} ${values === 'files' ? '-F' : `-a '${values.join(' ')}'`}`];
    }),
    ...flags.map((flag) => `${at()} ${writeFlag(flag)}`),
  ];
}

function writeCandidate({ word, summary }: Candidate): string {
  return `-a ${word} -d ${quote(summary)}`;
}

function writeFlag({ word, summary, values }: CompletableFlag): string {
  const value = values === undefined ? '' : values === 'files' ? ' -r -F' : ' -x';
  const words = typeof values === 'object' ? ` -a '${values.join(' ')}'` : '';
  return `-l ${word.slice(2)}${value}${words} -d ${quote(summary)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
