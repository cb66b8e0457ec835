import { listValueFlags } from './bash.ts';
import type { Candidate, Completable, CompletableFlag } from './completion-table.ts';

/** Builds the script for zsh. It works with `eval`, and as the file `_kms-functions` in a folder of `fpath`. */
export function buildZshScript(table: readonly Completable[]): string {
  return `#compdef kms-functions
_kms_functions() {
  local word name='' skip=0 position=0
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if (( skip )); then skip=0; continue; fi
    case "$word" in
      (${listValueFlags(table).join('|')}) skip=1; continue ;;
      (-*) continue ;;
    esac
    case "$name/$word" in
      (${listSteps(table).join('|')}) name="\${name:+$name }$word" ;;
      (*) position=$((position + 1)) ;;
    esac
  done
  case "$name/\${words[CURRENT-1]}" in
${table.flatMap(({ command, flags }) => flags.flatMap((flag) => buildFlagCase(command, flag))).join('\n')}
  esac
  case "$name/$position/\${words[CURRENT]}" in
${table.map(buildCommandCase).join('\n')}
    (*) return ;;
  esac
  _describe 'kms-functions' candidates
}
if [[ "\${funcstack[1]}" == _kms_functions ]]; then
  _kms_functions "$@"
else
  compdef _kms_functions kms-functions
fi`;
}

function listSteps(table: readonly Completable[]): string[] {
  return table.flatMap(({ command, subcommands }) => subcommands.map(({ word }) => `'${command}/${word}'`));
}

function buildFlagCase(command: string, { word, values }: CompletableFlag): string[] {
  if (values === undefined) return [];
  const place = `    ('${command}/${word}')`;
  if (values === 'files') return [`${place} _files; return ;;`];
  if (values === 'text') return [`${place} return ;;`];
  return [`${place} compadd -- ${values.join(' ')}; return ;;`];
}

function buildCommandCase({ command, subcommands, flags, args }: Completable): string {
  const positions = args.flatMap((values, index) => {
    const place = `    ('${command}/${index}/'*)`;
    if (values === 'files') return [`${place} _files; return ;;`];
    return values === 'text' ? [`${place} return ;;`] : [`${place} compadd -- ${values.join(' ')}; return ;;`];
  });
  return [
    `    ('${command}/'*'/-'*) candidates=(${flags.map(describe).join(' ')}) ;;`,
    ...positions,
    ...(subcommands.length === 0
      ? []
      : [`    ('${command}/'*) candidates=(${subcommands.map(describe).join(' ')}) ;;`]),
  ].join('\n');
}

/** Writes `word:description`, in which zsh needs a backslash before a colon. */
function describe({ word, summary }: Candidate): string {
  const text = `${word}:${summary.replaceAll(':', '\\:')}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
