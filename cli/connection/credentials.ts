import type { Credentials } from '../../client/http/create-signer.ts';
import { compact } from '../../shared/declaration/json-object.ts';
import { CommandError } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import type { AwsSettings } from './settings.ts';

/** Credentials in the form that both the client and the AWS SDK accept. */
type Provided = Credentials & { readonly sessionToken?: string; readonly expiration?: Date };

const packageName = '@aws-sdk/credential-provider-node';

/**
 * Returns a provider of AWS credentials. The access key in the environment needs no package. All other sources, such as
 * profiles, SSO, web identity and roles, come from AWS's own package, which is an optional dependency because of its size.
 */
export async function loadCredentials(
  { profile }: AwsSettings,
  env: Terminal['env'],
): Promise<() => Promise<Provided>> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (profile === undefined && accessKeyId && secretAccessKey) {
    const sessionToken = AWS_SESSION_TOKEN || undefined;
    return async () => compact({ accessKeyId, secretAccessKey, sessionToken });
  }
  const { defaultProvider } = await importOptional(packageName, () => import('@aws-sdk/credential-provider-node'));
  const provider = defaultProvider(profile === undefined ? {} : { profile });
  return async () => {
    try {
      return await provider();
    } catch (error) {
      throw createCredentialsError(error, profile);
    }
  };
}

function createCredentialsError(error: unknown, profile: string | undefined): CommandError {
  const source = profile === undefined ? '' : ` in the AWS profile ${profile}`;
  const reason = (error as Error).message.replace(/\.$/, '');
  const advice = 'Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run `aws sso login`';
  return new CommandError(
    'usage',
    'CredentialsError',
    `There are no AWS credentials${source}: ${reason}. ${advice}.`,
    error,
  );
}

/** Imports an optional package. If it is not installed, the error names the command that installs it. */
export async function importOptional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new CommandError(
      'usage',
      'MissingPackage',
      `The package ${name} is not installed. Install it next to kms-functions: npm install ${name}.`,
      error,
    );
  }
}
