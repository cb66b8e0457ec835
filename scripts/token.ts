/** Prints a token for stage `local` with `auth=jwt`. Run `npm run token -- --help` for the options. */
import { Command, InvalidArgumentError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { buildLocalToken, type TokenOptions } from './token/local-token.ts';

const program = new Command('npm run token --')
  .version(packageJson.version)
  .description(
    'Prints a token without a signature, which only stage `local` accepts, because the stage does not verify signatures. The options correspond to the parameters of the stage.',
  )
  .requiredOption('--issuer <url>', 'issuer, as in the parameter jwtIssuer')
  .requiredOption('--audience <name>', 'audience, as in the parameter jwtAudience')
  .requiredOption('--scope <names>', 'scopes, separated by commas, such as kms-functions/crypto', parseScopes)
  .option('--subject <name>', 'subject, which identifies the caller', 'local')
  .option('--claim <name=value>', 'another claim, such as tenant_id=acme; can be repeated', parseClaim, {})
  .option('--minutes <count>', 'time until the token expires', parseMinutes, 60)
  .parse();

process.stdout.write(`${buildLocalToken(program.opts<TokenOptions>())}\n`);

function parseScopes(value: string): string[] {
  const scopes = value.split(',').map((scope) => scope.trim());
  if (scopes.includes('')) throw new InvalidArgumentError('The list contains an empty scope.');
  return scopes;
}

function parseClaim(value: string, claims: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || text === undefined) throw new InvalidArgumentError('A claim has the form NAME=VALUE.');
  return { ...claims, [name]: text };
}

function parseMinutes(value: string): number {
  if (!/^-?\d{1,6}$/.test(value)) throw new InvalidArgumentError('The time must be a whole number of minutes.');
  return Number(value);
}
