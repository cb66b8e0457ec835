import type { Completable, CompletableFlag } from './completion-table.ts';

/**
 * Builds the script for bash 3.2 and newer. The function leaves `COMPREPLY` empty for file names, which bash then
 * completes itself because of `-o default`.
 */
export function buildBashScript(table: readonly Completable[]): string {
  return `# bash completion for kms-functions
_kms_functions() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command='' position=0 index word words=''
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$word" in
      ${listValueFlags(table).join('|')}) index=$((index + 1)); continue ;;
      -*) continue ;;
    esac
    case "$command/$word" in
      ${listSteps(table).join('|')}) command="\${command:+$command }$word" ;;
      *) position=$((position + 1)) ;;
    esac
  done
  case "$command/$previous" in
${table.flatMap(({ command, flags }) => flags.flatMap((flag) => buildFlagCase(command, flag))).join('\n')}
  esac
  case "$command/$position/$current" in
${table.map(buildCommandCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kms_functions kms-functions`;
}

/** Lists the flags with a value in any command. `--json` has a value only in `call`, so the script does not skip a word after it. */
export function listValueFlags(table: readonly Completable[]): string[] {
  const flags = table.flatMap((entry) => entry.flags);
  const without = new Set(flags.filter(({ values }) => values === undefined).map(({ word }) => word));
  return [...new Set(flags.map(({ word }) => word).filter((word) => !without.has(word)))];
}

/** Lists the steps from a command to the next: `'/keys'`, `'keys/list'`. */
function listSteps(table: readonly Completable[]): string[] {
  return table.flatMap(({ command, subcommands }) => subcommands.map(({ word }) => `'${command}/${word}'`));
}

function buildFlagCase(command: string, { word, values }: CompletableFlag): string[] {
  if (values === undefined) return [];
  const place = `    '${command}/${word}')`;
  if (values === 'files' || values === 'text') return [`${place} return ;;`];
  return [`${place} COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`];
}

function buildCommandCase({ command, subcommands, flags, args }: Completable): string {
  const positions = args.flatMap((values, index) =>
    typeof values === 'string' ? [] : [`    '${command}/${index}/'*) words='${values.join(' ')}' ;;`],
  );
  return [
    `    '${command}/'*'/-'*) words='${flags.map(({ word }) => word).join(' ')}' ;;`,
    ...positions,
    ...(subcommands.length === 0
      ? []
      : [`    '${command}/'*) words='${subcommands.map(({ word }) => word).join(' ')}' ;;`]),
  ].join('\n');
}
