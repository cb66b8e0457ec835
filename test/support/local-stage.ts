import { defaultAccount } from '../../emulator/core/credential.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { createApiFront, maxApiBodyBytes } from '../../infra/local/api-front.ts';
import type { PrintCall } from '../../infra/local/call-lines.ts';
import { type Invoke, startFront } from '../../infra/local/front.ts';
import { createLambdaFront, maxPayloadBytes } from '../../infra/local/lambda-front.ts';
import type { LocalUrls } from '../../infra/local/route-hints.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { createContext, importHandler } from './handlers.ts';

/** The servers of `npm start` on free ports, with the functions in this process. Starts faster than serverless-offline. */
export interface LocalStage {
  /** The URL of the API. */
  readonly url: string;
  readonly urls: LocalUrls;
  close(): Promise<void>;
}

export interface LocalStageOptions {
  readonly apiPort?: number;
  readonly lambdaPort?: number;
  /** The host name in the URLs. */
  readonly hostName?: string;
  /** Prints the calls. Default: prints nothing. */
  readonly printCall?: PrintCall;
}

const host = '127.0.0.1';

/** Starts the servers. The functions call the emulator in `AWS_ENDPOINT_URL_KMS`. */
export async function startLocalStage({
  apiPort = 0,
  lambdaPort = 0,
  hostName = host,
  printCall = () => {},
}: LocalStageOptions = {}): Promise<LocalStage> {
  const format = (port: number) => `http://${hostName}:${port}`;
  const entries = Object.entries(buildServiceParts(resolveDeployment('local', {})).functions);
  const named = entries.map(([name, entry]) => ({ functionName: `kms-functions-local-${name}`, ...entry }));
  const routes = named.flatMap(({ functionName, events }) =>
    events.map(({ httpApi }) => ({ ...httpApi, functionName })),
  );
  const handlers = new Map(named.map(({ functionName, handler }) => [functionName, handler]));
  const invoke = createInvoker(handlers);
  const scope = { region: 'us-east-1', account: defaultAccount };
  const lambda = await startFront(
    { host, port: lambdaPort },
    maxPayloadBytes.RequestResponse,
    createLambdaFront(new Set(handlers.keys()), scope, invoke, printCall),
  );
  // The API's pages contain its URL, which is known only after the start.
  const urls = { api: '', lambda: format(lambda.port), emulator: process.env.AWS_ENDPOINT_URL_KMS ?? '' };
  const answerApi = createApiFront(routes, invoke, urls, printCall);
  const api = await startFront({ host, port: apiPort }, maxApiBodyBytes, answerApi);
  urls.api = format(api.port);
  return {
    url: urls.api,
    urls,
    close: async () => {
      await Promise.all([api.close(), lambda.close()]);
    },
  };
}

/** Invokes functions in this process. Converts events and results to JSON, as Lambda does. */
function createInvoker(handlers: ReadonlyMap<string, string>): Invoke {
  // A handler that another test file has loaded has the configuration from that file's environment.
  const config = readFunctionConfig();
  const loaded = new Map<string, Promise<Handler>>();
  const load = (entry: string) => {
    const handler =
      loaded.get(entry) ?? importHandler(entry.replace(/\.handler$/, '')).then((own) => own.withConfig(config));
    loaded.set(entry, handler);
    return handler;
  };
  return async (functionName, { payload }) => {
    const handler = await load(handlers.get(functionName) ?? '');
    try {
      const result = await handler(JSON.parse(String(payload)), createContext());
      return { status: 200, isError: false, payload: JSON.stringify(result) };
    } catch (error) {
      const { name, message, stack = '' } = error as Error;
      const trace = stack.split('\n');
      return { status: 200, isError: true, payload: JSON.stringify({ errorType: name, errorMessage: message, trace }) };
    }
  };
}
