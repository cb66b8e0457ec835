/** Verifies a deployed stage. Run `npm run verify -- --help` for the options. */
import { Command, InvalidArgumentError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { localStage } from '../shared/config/endpoint.ts';
import { describeError } from './verify/check.ts';
import { checks } from './verify/checks.ts';
import { connectAws } from './verify/connect-aws.ts';
import { connectLocal } from './verify/connect-local.ts';
import { estimateDollars, formatCost } from './verify/cost.ts';
import { formatHeading, formatResult, formatSummary } from './verify/report.ts';
import { createRun } from './verify/run.ts';
import { runChecks } from './verify/run-checks.ts';
import { StageError } from './verify/stage.ts';

interface Options {
  readonly stage: string;
  readonly region: string;
  readonly role?: string;
  readonly wait: number;
  readonly api: string;
  readonly lambda: string;
  readonly kms: string;
}

const options = new Command('npm run verify --')
  .version(packageJson.version)
  .description(
    'Verifies a deployed stage, or stage local while `npm start` runs. Creates keys, uses only these keys, and schedules their deletion at the end.',
  )
  .showHelpAfterError('For all options, run `npm run verify -- --help`.')
  .requiredOption('--stage <stage>', 'stage to verify')
  .option('--region <region>', 'Region of the stage', process.env.AWS_REGION ?? 'us-east-1')
  .option('--role <arn>', "role to assume for the checks of a caller's permissions (auth=iam)")
  .option('--wait <seconds>', 'longest time to wait for tags and log records', parseSeconds, 360)
  .option('--api <url>', 'API URL of stage local', 'http://127.0.0.1:3000')
  .option('--lambda <url>', 'Lambda endpoint of stage local', 'http://127.0.0.1:3002')
  .option('--kms <url>', 'Emulator URL of stage local', 'http://127.0.0.1:4599')
  .parse()
  .opts<Options>();

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());

try {
  process.exitCode = (await verify(options)) && !interruption.signal.aborted ? 0 : 1;
} catch (error) {
  print(`error: ${error instanceof StageError ? error.message : describeError(error)}${adviseOn(error)}`);
  process.exitCode = 2;
}
// Calls that are still open after an interrupt must not keep the process running.
process.exit();

function adviseOn(error: unknown): string {
  if (!(error instanceof Error) || error.name !== 'CredentialsProviderError') return '';
  return '. Sign in to AWS, for example with `aws sso login`. Stage local needs no credentials.';
}

/** Prints the table of checks. Returns `true` if no check failed. */
async function verify({ stage: name, region, role, wait, api, lambda, kms }: Options): Promise<boolean> {
  const stage =
    name === localStage
      ? await connectLocal(region, { api, lambda, kms }, process.env)
      : await connectAws(name, region, process.env.KMS_FUNCTIONS_TOKEN);
  const run = createRun(stage, { waitMs: wait * 1_000, callerRoleArn: role });
  print(`Stage ${name} at ${stage.apiUrl}, run ${run.created.runId}\n`);
  print(formatHeading());
  const results = await runChecks(checks, run, (result) => print(formatResult(result)), interruption.signal);
  print(`\n${formatSummary(results)}`);
  if (interruption.signal.aborted) print('The run was interrupted.');
  if (!stage.isLocal) print(`This run cost about ${formatCost(estimateDollars(run))}.`);
  return results.every(({ outcome }) => outcome !== 'FAILED');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds > 0)) throw new InvalidArgumentError('The time must be a positive number of seconds.');
  return seconds;
}
