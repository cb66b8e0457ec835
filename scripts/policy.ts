/** Prints an IAM policy for callers of a deployed service. Run `npm run policy -- --help` for the options. */
import { Command, InvalidArgumentError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { callerPolicy, type PolicyOptions, PolicyRequestError } from './policy/caller-policy.ts';

const program = new Command('npm run policy --')
  .version(packageJson.version)
  .description(
    'Prints an IAM policy that allows a caller to use operations of a deployed service. With --direct, the policy also denies access to the API Gateway alias and the audit forwarder.',
  )
  .requiredOption(
    '--operations <names>',
    'operations or groups, separated by commas, such as encrypt,decrypt',
    parseList,
  )
  .option('--key <key>', 'key as in a path, such as alias.payments or a key id; * matches any text')
  .option('--direct', 'allow direct Lambda invocation instead of HTTP requests')
  .option('--stage <stage>', 'stage of the deployment', 'dev')
  .option('--region <region>', 'Region of the deployment', '*')
  .option('--account <id>', 'account id of the deployment', '*')
  .option('--api <id>', 'id of the HTTP API', '*')
  .option('--partition <partition>', 'AWS partition: aws, aws-cn or aws-us-gov', 'aws')
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
