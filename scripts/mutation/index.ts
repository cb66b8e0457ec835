/** Runs mutation tests. Run `npm run mutation -- --help` for the options. */
import { globSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { defaultListThreshold, listThresholds } from './areas.ts';
import { endGroupsOnExit } from './child-groups.ts';
import { formatScore, scoreResults } from './mutant-result.ts';
import { runArea, selectAreas } from './run-area.ts';
import { runPicked } from './run-picked.ts';
import { runThrowing } from './run-throwing.ts';

interface Options {
  readonly fast?: true;
  readonly throwing?: true;
  readonly picked?: string;
  readonly threshold?: number;
}

const command = new Command('npm run mutation --')
  .description('Changes the code in many small ways, and reports the changes that no test notices.')
  .showHelpAfterError('For all options, run `npm run mutation -- --help`.')
  .argument('[paths...]', 'areas, folders or files to change (default: all areas)')
  .option('--picked <file>', 'JSON list of changes, or a folder of lists')
  .option('--throwing', 'report the tests, in the given folders or files, that pass while all code throws')
  .option('--fast', 'do not run surviving mutants in their own workers, so that more mutants survive')
  .option('--threshold <percent>', 'lowest score of the picked list', parsePercent)
  .parse();
const { fast, picked, threshold, throwing } = command.opts<Options>();

endGroupsOnExit();
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 2;
}

function run(): Promise<boolean> {
  if (throwing) return runThrowing(command.args);
  return picked === undefined ? runAreas(command.args) : runLists(picked);
}

async function runAreas(paths: readonly string[]): Promise<boolean> {
  let hasPassed = true;
  for (const area of selectAreas(paths)) hasPassed = (await runArea(area, fast ? 0 : 3)).hasPassed && hasPassed;
  return hasPassed;
}

/** Tests the mutants in a list, or in each list in a folder. */
async function runLists(path: string): Promise<boolean> {
  if (!statSync(path).isDirectory()) return runList(path);
  let hasPassed = true;
  for (const list of globSync('*.json', { cwd: path }).sort())
    hasPassed = (await runList(join(path, list))) && hasPassed;
  return hasPassed;
}

async function runList(list: string): Promise<boolean> {
  const lowest = threshold ?? listThresholds[basename(list)] ?? defaultListThreshold;
  const results = await runPicked(list);
  const score = scoreResults(results);
  console.log(formatScore(list, score));
  return (
    score.percent >= lowest && results.every(({ reason, status }) => reason === undefined || status === 'survived')
  );
}

function parsePercent(value: string): number {
  const percent = Number(value);
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('The threshold must be between 0 and 100.');
  return percent;
}
