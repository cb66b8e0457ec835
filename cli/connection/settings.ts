import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { UsageError } from '../exit-codes.ts';
import { type FlagValues, getFlag, writeFlag } from '../table/flags.ts';
import type { Terminal } from '../terminal.ts';

type Env = Terminal['env'];

/** Where the calls go, and how they are authorized. */
export type Settings = HttpSettings | LambdaSettings;

export interface HttpSettings {
  readonly url: string;
  readonly auth: Auth;
  readonly aws: AwsSettings;
}

export interface LambdaSettings {
  /** The prefix of the functions' names: `kms-functions-dev` for `kms-functions-dev-encrypt`. */
  readonly lambda: string;
  readonly aws: AwsSettings;
}

export interface AwsSettings {
  readonly profile: string | undefined;
  readonly region: string | undefined;
}

export type Auth =
  | { readonly method: 'sigv4' }
  | { readonly method: 'none' }
  | { readonly method: 'token'; readonly source: { readonly token: string } | { readonly file: string } };

const localUrl = 'http://localhost:3000';

/** Reads the settings from the flags and the variables. A flag has precedence over every variable. */
export function readSettings(flags: FlagValues, env: Env): Settings {
  const aws = {
    profile: flags.profile ?? (env.AWS_PROFILE || undefined),
    region: flags.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined),
  };
  const { url, lambda } = selectTarget(flags, env);
  if (lambda !== undefined) return { lambda, aws };
  return { url, auth: selectAuth(url, flags, env), aws };
}

function selectTarget(flags: FlagValues, env: Env): { readonly url: string; readonly lambda?: string | undefined } {
  for (const [url, lambda] of [
    [flags.url, flags.lambda],
    [readVariable('url', env), readVariable('lambda', env)],
  ]) {
    if (url !== undefined && lambda !== undefined) {
      throw new UsageError('The API and the Lambda functions cannot be called at once. Set either a URL or a prefix.');
    }
    if (url !== undefined || lambda !== undefined) return { url: url ?? '', lambda };
  }
  return { url: localUrl };
}

/**
 * Selects how requests are authorized: as `--auth` demands; otherwise with a token if there is one, without
 * authorization for this machine, and with AWS credentials for all other hosts.
 */
function selectAuth(url: string, flags: FlagValues, env: Env): Auth {
  const demanded = flags.auth ?? readVariable('auth', env);
  const source = selectToken(flags, env);
  const method = demanded ?? (source !== undefined ? 'token' : isLoopbackUrl(url) ? 'none' : 'sigv4');
  if (method === 'sigv4' || method === 'none') return { method };
  if (method !== 'token') throw new UsageError(`${getFlag('auth').variable} must be sigv4, token or none.`);
  if (source !== undefined) return { method, source };
  throw new UsageError('There is no token. Set KMS_FUNCTIONS_TOKEN, or add --token-file <file>.');
}

/** The variable for the token itself. A flag could not be secret, because other users can read a process's arguments. */
const tokenVariable = 'KMS_FUNCTIONS_TOKEN';

function selectToken(flags: FlagValues, env: Env): { readonly token: string } | { readonly file: string } | undefined {
  if (flags.tokenFile !== undefined) return { file: flags.tokenFile };
  const token = env[tokenVariable] || undefined;
  const file = readVariable('tokenFile', env);
  if (token !== undefined && file !== undefined) {
    throw new UsageError(`${tokenVariable} and ${getFlag('tokenFile').variable} cannot both be set.`);
  }
  if (token !== undefined) return { token };
  return file === undefined ? undefined : { file };
}

function readVariable(name: 'url' | 'lambda' | 'auth' | 'tokenFile', env: Env): string | undefined {
  return env[getFlag(name).variable ?? ''] || undefined;
}

/** Returns the Region of the API: as configured, or from the host name that API Gateway gives an API. */
export function findRegion({ url, aws }: HttpSettings): string {
  const region = aws.region ?? /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(new URL(url).hostname)?.[1];
  if (region !== undefined) return region;
  throw createUnknownRegionError();
}

export function createUnknownRegionError(cause?: Error): UsageError {
  return new UsageError(`The Region is unknown. Add ${writeFlag('region')} <region>, or set AWS_REGION.`, cause);
}
