/** Runs mutation tests. Run `npm run mutation -- --help` for the options. */
import { Command, InvalidArgumentError } from 'commander';
import { endGroupsOnExit } from './child-groups.ts';
import { formatScore, scoreResults } from './mutant-result.ts';
import { runPicked } from './run-picked.ts';

interface Options {
  readonly picked?: string;
  readonly threshold: number;
}

const command = new Command('npm run mutation --')
  .description('Changes the code in many small ways, and reports the changes that no test notices.')
  .showHelpAfterError('For all options, run `npm run mutation -- --help`.')
  .option('--picked <file>', 'JSON list of changes: file, find, replace, and optionally tests and equivalent')
  .option('--threshold <percent>', 'lowest score of the picked list', parsePercent, 95)
  .parse();
const { picked, threshold } = command.opts<Options>();

endGroupsOnExit();
try {
  if (picked === undefined) throw new Error('Name a list of changes with --picked.');
  const results = await runPicked(picked);
  const score = scoreResults(results);
  console.log(formatScore(picked, score));
  const isWrong = results.some(({ reason, status }) => reason !== undefined && status !== 'survived');
  process.exitCode = score.percent < threshold || isWrong ? 1 : 0;
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 2;
}

function parsePercent(value: string): number {
  const percent = Number(value);
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('The threshold must be between 0 and 100.');
  return percent;
}
