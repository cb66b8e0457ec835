import { readFile } from 'node:fs/promises';
import type { Client } from '../../client/client.ts';
import { createClient } from '../../client/create-client.ts';
import { http } from '../../client/http/http.ts';
import { lambda } from '../../client/lambda/lambda.ts';
import type { Transport } from '../../client/transport.ts';
import { FileError, UsageError } from '../exit-codes.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import type { FlagValues } from '../table/flags.ts';
import type { Terminal } from '../terminal.ts';
import { importOptional, loadCredentials } from './credentials.ts';
import {
  type Auth,
  createUnknownRegionError,
  findRegion,
  type HttpSettings,
  type LambdaSettings,
  readSettings,
} from './settings.ts';

/** Creates the client from the flags and the variables. The terminal's signal aborts its calls. */
export async function connect(flags: FlagValues, { env, signal }: Terminal): Promise<Client> {
  const settings = readSettings(flags, env);
  const transport =
    'lambda' in settings ? await createLambdaTransport(settings, env) : await createHttpTransport(settings, env);
  const timeoutMs = flags.timeout === undefined ? undefined : flags.timeout * 1000;
  return createClient({ transport, timeoutMs, signal });
}

async function createHttpTransport(settings: HttpSettings, env: Terminal['env']): Promise<Transport> {
  const { url: endpoint, auth, aws } = settings;
  try {
    if (auth.method === 'none') return http({ endpoint });
    if (auth.method === 'token') return http({ endpoint, token: createTokenReader(auth) });
    // Checks the endpoint before it looks for credentials.
    http({ endpoint });
    return http({ endpoint, region: findRegion(settings), credentials: await loadCredentials(aws, env) });
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

/** Reads the file for each attempt, because other programs renew the token in it. */
function createTokenReader({ source }: Extract<Auth, { method: 'token' }>): () => Promise<string> {
  return async () => {
    if ('token' in source) return checkToken(source.token.trim());
    try {
      return checkToken((await readFile(source.file, 'utf8')).trim());
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new FileError(`The token cannot be read: ${describeFileError(error, source.file)}`, error);
    }
  };
}

function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError('The token must contain only visible ASCII characters, without spaces.');
}

/** The functions of stage `local`, which `npm start` serves without authentication. No deployed stage has this name. */
const localFunctions = { prefix: 'kms-functions-local', endpoint: 'http://localhost:3002', region: 'us-east-1' };

async function createLambdaTransport({ lambda: prefix, aws }: LambdaSettings, env: Terminal['env']) {
  const { Lambda } = await importOptional('@aws-sdk/client-lambda', () => import('@aws-sdk/client-lambda'));
  const functionName = (name: string) => `${prefix}-${name}`;
  if (prefix === localFunctions.prefix) {
    const endpoint = env.AWS_ENDPOINT_URL_LAMBDA || localFunctions.endpoint;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const region = aws.region ?? localFunctions.region;
    return lambda({ client: new Lambda({ maxAttempts: 1, credentials, endpoint, region }), functionName });
  }
  const credentials = await loadCredentials(aws, env);
  const client = new Lambda({
    maxAttempts: 1,
    credentials,
    ...(aws.region === undefined ? {} : { region: aws.region }),
    ...(aws.profile === undefined ? {} : { profile: aws.profile }),
  });
  // The SDK reports these errors as failed calls.
  await credentials();
  await client.config.region().catch((error: Error) => {
    throw createUnknownRegionError(error);
  });
  return lambda({ client, functionName });
}
