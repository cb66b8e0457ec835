/** Prints the IAM policy that a caller of a deployed service needs: `npm run policy -- --help`. */
import { Command, InvalidArgumentError } from 'commander';
import { callerPolicy, type PolicyOptions, PolicyRequestError } from './policy/caller-policy.ts';

const program = new Command('npm run policy --')
  .description(
    'Prints the IAM policy that lets a caller use operations of a deployed service. It allows, and denies nothing.',
  )
  .requiredOption('--operations <names>', 'operations or sets, with commas: encrypt,decrypt', listOf)
  .option('--key <key>', 'as it stands in a path: alias.payments, a key id, or with * for any text')
  .option('--direct', 'for Lambda invocation instead of HTTP')
  .option('--stage <stage>', 'stage of the service', 'dev')
  .option('--region <region>', 'its Region', '*')
  .option('--account <id>', 'its account', '*')
  .option('--api <id>', 'id of its API', '*')
  .option('--partition <partition>', 'aws, aws-cn or aws-us-gov', 'aws')
  .parse();

try {
  const { policy, notes } = callerPolicy(program.opts<PolicyOptions>());
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  process.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
} catch (error) {
  if (!(error instanceof PolicyRequestError)) throw error;
  program.error(`error: ${error.message}`);
}

function listOf(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('There is an empty name.');
  return names;
}
