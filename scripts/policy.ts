/** Prints an IAM policy for a caller of a deployed service: `npm run policy -- --help`. */
import { Command, InvalidArgumentError } from 'commander';
import { callerPolicy, type PolicyOptions, PolicyRequestError } from './policy/caller-policy.ts';

const program = new Command('npm run policy --')
  .description(
    'Prints an IAM policy that lets a caller use operations of a deployed service. The policy has no deny statements.',
  )
  .requiredOption('--operations <names>', 'operations or groups, separated by commas: encrypt,decrypt', parseList)
  .option('--key <key>', 'key as in a path: alias.payments or a key id; * matches any text')
  .option('--direct', 'for direct Lambda invocation instead of HTTP')
  .option('--stage <stage>', 'stage of the service', 'dev')
  .option('--region <region>', 'Region of the service', '*')
  .option('--account <id>', 'account id of the service', '*')
  .option('--api <id>', 'id of the API', '*')
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

function parseList(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('The list contains an empty name.');
  return names;
}
