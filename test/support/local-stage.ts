import { defaultAccount } from '../../emulator/core/credential.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { createApiFront, maxApiBodyBytes } from '../../infra/local/api-front.ts';
import type { PrintCall } from '../../infra/local/call-lines.ts';
import { createRouteAuthorizer } from '../../infra/local/callers/authorize-route.ts';
import { type Invoke, startFront } from '../../infra/local/front.ts';
import { createRoleClients } from '../../infra/local/function-roles.ts';
import { createLambdaFront, maxPayloadBytes } from '../../infra/local/lambda-front.ts';
import { formatFunctionArn } from '../../infra/local/list-functions.ts';
import { createLocalFunction } from '../../infra/local/local-functions.ts';
import { readPrincipals } from '../../infra/local/local-seed.ts';
import type { LocalSettings } from '../../infra/local/local-settings.ts';
import type { LocalUrls } from '../../infra/local/route-hints.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { idempotencyVariables } from '../../shared/config/idempotency-settings.ts';
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
  /** The deployment parameters. The emulator needs the roles in `buildLocalParts`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The seed of the emulator, if it contains callers. */
  readonly seed?: Parameters<typeof readPrincipals>[0];
}

const host = '127.0.0.1';
const region = 'us-east-1';

/** Builds what `npm start` builds from parameters. */
export function buildLocalParts(parameters: Readonly<Record<string, string>>) {
  const { local, ...parts } = buildServiceParts(resolveDeployment('local', parameters));
  return { ...parts, local: local as LocalSettings };
}

/** Starts the servers. The functions call the emulator in `AWS_ENDPOINT_URL_KMS`. */
export async function startLocalStage({
  apiPort = 0,
  lambdaPort = 0,
  hostName = host,
  printCall = () => {},
  parameters = {},
  seed = 'default',
}: LocalStageOptions = {}): Promise<LocalStage> {
  const format = (port: number) => `http://${hostName}:${port}`;
  const parts = buildLocalParts(parameters);
  const named = Object.entries(parts.functions).map(([key, entry]) => ({
    key,
    functionName: `kms-functions-local-${key}`,
    ...entry,
  }));
  const routes = named.flatMap(({ functionName, events }) =>
    events.map((event) => ({ ...(event as { httpApi: { method: string; path: string } }).httpApi, functionName })),
  );
  const invoke = await createInvoker(named as readonly NamedFunction[], parts);
  const names = new Set(named.map(({ functionName }) => functionName));
  const scope = { region, account: defaultAccount };
  const lambda = await startFront(
    { host, port: lambdaPort },
    maxPayloadBytes.RequestResponse,
    createLambdaFront(names, scope, invoke, printCall, parts.environment),
  );
  // The API's pages contain its URL, which is known only after the start.
  const urls = { api: '', lambda: format(lambda.port), emulator: process.env.AWS_ENDPOINT_URL_KMS ?? '' };
  const allowsRoute = createRouteAuthorizer(readPrincipals(seed), region);
  const answerApi = createApiFront(routes, invoke, urls, printCall, parts.local, allowsRoute);
  const api = await startFront({ host, port: apiPort }, maxApiBodyBytes, answerApi, parts.local.corsOrigins);
  urls.api = format(api.port);
  return {
    url: urls.api,
    urls,
    close: async () => {
      await Promise.all([api.close(), lambda.close()]);
    },
  };
}

interface NamedFunction {
  readonly key: string;
  readonly functionName: string;
  readonly handler: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function toVariables(endpoints: { tableEndpoint: string; taggingEndpoint: string }): Record<string, string> {
  return {
    [idempotencyVariables.tableEndpoint]: endpoints.tableEndpoint,
    [idempotencyVariables.taggingEndpoint]: endpoints.taggingEndpoint,
  };
}

/** Invokes functions in this process. Converts events and results to JSON, as Lambda does. */
async function createInvoker(
  named: readonly NamedFunction[],
  { local, environment }: ReturnType<typeof buildLocalParts>,
): Promise<Invoke> {
  const emulator = process.env.AWS_ENDPOINT_URL_KMS ?? '';
  const regions = [region, ...local.regions];
  const endpoints = await createRoleClients(Object.keys(local.roles), emulator, regions, process.env);
  // A handler that another test file has loaded has the configuration from that file's environment.
  const config = readFunctionConfig({ ...process.env, ...(environment as Record<string, string>) });
  const functions = new Map(
    named.map(({ key, functionName, handler, environment: ownVariables = {} }) => {
      const own = { ...config, endpoint: endpoints.get(key) ?? config.endpoint };
      const load = async () => {
        // Only functions with a table have variables of their own. The calls in this process do not use the table.
        const endpoints = { tableEndpoint: emulator, taggingEndpoint: emulator };
        if (Object.keys(ownVariables).length > 0) Object.assign(process.env, ownVariables, toVariables(endpoints));
        return (await importHandler(handler.replace(/\.handler$/, ''))).withConfig(own);
      };
      return [
        functionName,
        createLocalFunction(load, formatFunctionArn({ region, account: defaultAccount }, functionName)),
      ];
    }),
  );
  return async (functionName, { payload, isGateway = false }) => {
    const invoked = functions.get(functionName) ?? (() => Promise.reject(new Error(`no function ${functionName}`)));
    const context = { ...createContext(), clientContext: { isGateway } as never };
    try {
      const result = await invoked(JSON.parse(String(payload)), context);
      return { status: 200, isError: false, payload: JSON.stringify(result) };
    } catch (error) {
      const { name, message, stack = '' } = error as Error;
      const trace = stack.split('\n');
      return { status: 200, isError: true, payload: JSON.stringify({ errorType: name, errorMessage: message, trace }) };
    }
  };
}
