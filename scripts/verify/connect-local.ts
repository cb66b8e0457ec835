import { KMSClient } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { allOperations } from '../../functions/all-operations.ts';
import { localStage } from '../../shared/config/endpoint.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { type Stage, StageError } from './stage.ts';

/** The URLs of `npm start`. */
export interface LocalUrls {
  readonly api: string;
  readonly lambda: string;
  readonly kms: string;
}

const accountId = '000000000000';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Connects to stage `local`, which `npm start` runs. Rejects URLs of other machines, so that no request leaves this
 * machine.
 */
export async function connectLocal(region: string, urls: LocalUrls): Promise<Stage> {
  for (const url of Object.values(urls)) {
    if (!isLoopbackUrl(url)) throw new StageError(`Stage local runs only on this machine, but the URL is ${url}.`);
  }
  await requireAnswer(urls.api);
  const client = { region, credentials, maxAttempts: 1 };
  return {
    name: localStage,
    region,
    accountId,
    partition: 'aws',
    isLocal: true,
    apiUrl: urls.api.replace(/\/$/, ''),
    config: readFunctionConfig({
      [variableNames.stage]: localStage,
      [variableNames.accountIds]: accountId,
      [variableNames.region]: region,
      [variableNames.kmsEndpoint]: urls.kms,
    }),
    functions: new Set(allOperations.map(functionName)),
    resources: [],
    lambda: new Lambda({ ...client, endpoint: urls.lambda }),
    kms: (keyRegion) => new KMSClient({ ...client, region: keyRegion, endpoint: urls.kms }),
    credentials: async () => credentials,
    token: undefined,
    callerArn: undefined,
    aws: undefined,
  };
}

async function requireAnswer(url: string): Promise<void> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch {
    throw new StageError(`${url} does not respond. Run \`npm start\` in another terminal first.`);
  }
}
