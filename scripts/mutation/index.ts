/** Runs mutation tests. Run `npm run mutation -- --help` for the options. */
import { Command, InvalidArgumentError } from 'commander';
import { endGroupsOnExit } from './child-groups.ts';
import { formatScore, scoreResults } from './mutant-result.ts';
import { runArea, selectAreas } from './run-area.ts';
import { runPicked } from './run-picked.ts';

interface Options {
  readonly picked?: string;
  readonly threshold: number;
}

const command = new Command('npm run mutation --')
  .description('Changes the code in many small ways, and reports the changes that no test notices.')
  .showHelpAfterError('For all options, run `npm run mutation -- --help`.')
  .argument('[paths...]', 'areas, folders or files to change (default: all areas)')
  .option('--picked <file>', 'JSON list of changes: file, find, replace, and optionally tests and equivalent')
  .option('--threshold <percent>', 'lowest score of the picked list', parsePercent, 95)
  .parse();
const { picked, threshold } = command.opts<Options>();

endGroupsOnExit();
try {
  process.exitCode = (await (picked === undefined ? runAreas(command.args) : runList(picked))) ? 0 : 1;
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 2;
}

async function runAreas(paths: readonly string[]): Promise<boolean> {
  let hasPassed = true;
  for (const area of selectAreas(paths)) hasPassed = (await runArea(area)).hasPassed && hasPassed;
  return hasPassed;
}

async function runList(list: string): Promise<boolean> {
  const results = await runPicked(list);
  const score = scoreResults(results);
  console.log(formatScore(list, score));
  return (
    score.percent >= threshold && results.every(({ reason, status }) => reason === undefined || status === 'survived')
  );
}

function parsePercent(value: string): number {
  const percent = Number(value);
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('The threshold must be between 0 and 100.');
  return percent;
}
