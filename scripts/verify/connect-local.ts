import { KMSClient } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { defaultAccount } from '../../emulator/core/credential.ts';
import { localStage } from '../../shared/config/endpoint.ts';
import { type FunctionConfig, readFunctionConfig } from '../../shared/config/function-config.ts';
import { type Environment, variableNames } from '../../shared/config/variable-names.ts';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { findTenant, type Stage, StageError, toLambdaName } from './stage.ts';

/** The URLs of `npm start`. */
export interface LocalUrls {
  readonly api: string;
  readonly lambda: string;
  readonly kms: string;
}

/** The root user of the functions' account, which stage `local` always accepts. */
const root = { accessKeyId: defaultAccount, secretAccessKey: 'local' };

/**
 * Connects to stage `local`, which `npm start` runs, and reads its configuration from its functions. Rejects URLs of other
 * machines, so that no request leaves this machine.
 */
export async function connectLocal(region: string, urls: LocalUrls, env: Environment): Promise<Stage> {
  for (const url of Object.values(urls)) {
    if (!isLoopbackUrl(url)) throw new StageError(`Stage local runs only on this machine, but the URL is ${url}.`);
  }
  await requireAnswer(urls.api);
  const client = { region, credentials: root, maxAttempts: 1 };
  const lambda = new Lambda({ ...client, endpoint: urls.lambda });
  const { Functions = [] } = await lambda.listFunctions({});
  const config = readFunctionConfig({
    ...Functions[0]?.Environment?.Variables,
    [variableNames.region]: region,
    [variableNames.kmsEndpoint]: urls.kms,
  });
  const token = config.auth === 'jwt' ? env.KMS_FUNCTIONS_TOKEN || undefined : undefined;
  if (config.auth === 'jwt' && token === undefined) {
    throw new StageError('The stage expects tokens. Set KMS_FUNCTIONS_TOKEN to a token that `npm run token` prints.');
  }
  const credentials = config.auth === 'iam' ? readCredentials(env) : root;
  const stage: Stage = {
    name: localStage,
    region,
    accountId: defaultAccount,
    partition: 'aws',
    isLocal: true,
    apiUrl: urls.api.replace(/\/$/, ''),
    config,
    functions: new Set(Functions.map(({ FunctionName = '' }) => FunctionName.slice(toLambdaName(local, '').length))),
    resources: [],
    lambda,
    kms: (keyRegion) => new KMSClient({ ...client, region: keyRegion, endpoint: urls.kms }),
    credentials: async () => credentials,
    token,
    callerArn: config.auth === 'iam' ? await findCallerArn(urls.kms, region, credentials) : undefined,
    aws: undefined,
  };
  if (config.tenancy !== undefined && !findTenant(stage)) throw new StageError(tenantAdvice[config.auth]);
  return stage;
}

const local = { name: localStage };

/** What to do if the stage has tenants, but the caller has none. */
const tenantAdvice: Readonly<Record<FunctionConfig['auth'], string>> = {
  open: 'The stage has tenants, but no authentication.',
  jwt: 'The stage has tenants, but KMS_FUNCTIONS_TOKEN has no tenant. Add the claim with `npm run token -- --claim`.',
  iam: 'The stage has tenants, but the caller has none. Set AWS_ACCESS_KEY_ID to the access key id of a role in the seed.',
};

/** Every secret is valid, because stage `local` does not verify signatures. */
function readCredentials({ AWS_ACCESS_KEY_ID }: Environment): typeof root {
  return AWS_ACCESS_KEY_ID ? { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: 'local' } : root;
}

async function findCallerArn(endpoint: string, region: string, credentials: typeof root): Promise<string> {
  try {
    const sts = new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '';
  } catch (error) {
    throw new StageError(
      `The emulator does not accept the access key id ${credentials.accessKeyId}: ${(error as Error).message}`,
    );
  }
}

async function requireAnswer(url: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch {
    throw new StageError(`${url} does not respond. Run \`npm start\` in another terminal first.`);
  }
}
