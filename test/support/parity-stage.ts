import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { buildRolePrincipals } from '../../infra/local/function-roles.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type Bundles, buildBundles } from './bundles.ts';
import { createGatewayContext } from './deployed.ts';
import { createContext, setLocalEnvironment } from './handlers.ts';
import type { HttpEventV2 } from './http-events.ts';
import { buildLocalParts, type LocalStage, startLocalStage } from './local-stage.ts';
import { allOperations } from './operations.ts';
import { type Packaged, resolveReferences } from './template.ts';

export const place = { account: '000000000000', region: 'us-east-1' };
export const tenant = 'acme';
/** A key of the tenant in eu-west-1. */
export const keyInOtherRegion = '7e2d1a00-0000-4000-8000-000000000001';

export interface ParityOptions {
  readonly packaged: Packaged;
  /** The parameters of stage `local`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly serviceTag: string;
  readonly tenantTag: string;
  readonly callers?: readonly object[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Stage `local` and the packaged functions of a deployment. Each function calls one emulator with the role in its template. */
export interface ParityStage {
  callPackaged(operation: Operation, event: unknown, isGateway: boolean): Promise<Answer>;
  callLocalApi(event: HttpEventV2, authorization: string): Promise<Answer>;
  invokeLocally(operation: Operation, event: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export async function startParityStage(options: ParityOptions): Promise<ParityStage> {
  const bundles = await buildBundles();
  const seed = buildSeed(options);
  const emulator = await startEmulator({ seed });
  setLocalEnvironment(emulator.endpoint);
  const stage = await startLocalStage({ parameters: options.parameters, seed });
  return createStage(options, bundles, emulator, stage);
}

function createStage(options: ParityOptions, bundles: Bundles, emulator: Emulator, stage: LocalStage): ParityStage {
  const handlers = new Map<Operation, Handler>();
  /** Only successful calls change keys. */
  let hasChanged = false;

  async function call(perform: () => Promise<Answer>): Promise<Answer> {
    if (hasChanged) await emulator.restoreSeed();
    hasChanged = false;
    const answer = await perform();
    if (answer.status < 300) hasChanged = true;
    return answer;
  }

  /** Loads a packaged function with the environment in the template. Only the KMS endpoint is different. */
  function load(operation: Operation): Handler {
    const known = handlers.get(operation);
    process.env.AWS_ACCESS_KEY_ID = packagedAccessKey(operation);
    if (known !== undefined) return known;
    const { Environment } = options.packaged.resources.get(`${pascalCase(operation)}LambdaFunction`)?.Properties ?? {};
    const variables = resolveReferences(Environment.Variables, place) as Record<string, string>;
    // The functions of stage `local` load later, with the environment of this stage.
    const local = { ...process.env };
    for (const name of Object.keys(local)) if (functionVariable.test(name)) delete process.env[name];
    Object.assign(process.env, variables, { AWS_REGION: place.region });
    const file = bundles.fileOf(operation, variables);
    const require = createRequire(import.meta.url);
    // Another stage may have loaded the file with another environment.
    delete require.cache[file];
    const { handler } = require(file) as { handler: Handler };
    const config = { ...readFunctionConfig(process.env), endpoint: emulator.endpoint, usesFips: false };
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, local);
    const loaded = handler.withConfig(config);
    handlers.set(operation, loaded);
    return loaded;
  }

  return {
    callPackaged: (operation, event, isGateway) =>
      call(async () => {
        const handler = load(operation);
        try {
          const result = await handler(event, isGateway ? createGatewayContext() : createContext());
          if (!isGateway) return { status: 200, headers: {}, body: result };
          const { statusCode, headers, body } = result as HttpResponse;
          return { status: statusCode, headers, body: JSON.parse(body) };
        } catch (error) {
          const { name, message } = error as Error;
          return { status: 200, headers: {}, body: { errorType: name, errorMessage: message } };
        }
      }),
    callLocalApi: (event, authorization) =>
      call(async () => {
        const { method } = event.requestContext.http as { method: string };
        const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
        const type = event.headers['content-type'];
        const response = await fetch(`${stage.url}${event.rawPath}${query}`, {
          method,
          headers: { authorization, ...(type === undefined ? {} : { 'content-type': type }) },
          ...(event.body === undefined ? {} : { body: event.body }),
        });
        return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() };
      }),
    invokeLocally: (operation, event) =>
      call(async () => {
        const name = `kms-functions-local-${functionName(operation)}`;
        const response = await fetch(`${stage.urls.lambda}/2015-03-31/functions/${name}/invocations`, {
          method: 'POST',
          body: JSON.stringify(event),
        });
        const { trace: _, ...body } = (await response.json()) as Record<string, unknown>;
        return { status: response.status, headers: {}, body };
      }),
    close: async () => {
      await stage.close();
      await emulator.close();
    },
  };
}

const functionVariable = /^(AWS_ENDPOINT_URL|ALLOWED_|KMS_FUNCTIONS_)/;
const packagedAccessKey = (operation: Operation) => `PACKAGED${operation.name}`;
const pascalCase = (operation: Operation) => functionName(operation).replace(/^./, (first) => first.toUpperCase());

/** Gives all keys of the default seed to the tenant, under aliases of the tenant. */
function buildSeed({ packaged, parameters, serviceTag, tenantTag, callers = [] }: ParityOptions) {
  const { $schema: _, ...seed } = JSON.parse(readFileSync('emulator/seed/default.json', 'utf8'));
  const own = (aliases: readonly string[] = []) => aliases.map((name) => name.replace('alias/', `alias/${tenant}/`));
  const Tags = [
    { TagKey: 'kms-functions:service', TagValue: serviceTag },
    { TagKey: tenantTag, TagValue: tenant },
  ];
  const Keys = seed.Keys.map((key: { Aliases?: string[]; Tags?: object[] }) => ({
    ...key,
    Aliases: own(key.Aliases),
    Tags: [...(key.Tags ?? []), ...Tags],
  }));
  Keys.push({ KeyId: keyInOtherRegion, Region: 'eu-west-1', Tags });
  const Principals = [
    ...callers,
    ...buildRolePrincipals(buildLocalParts(parameters).local),
    ...allOperations.map((operation) => ({
      AccessKeyId: packagedAccessKey(operation),
      Arn: `arn:aws:iam::${place.account}:role/packaged-${operation.name}`,
      Policies: resolveReferences(packaged.resources.get(`${operation.name}Role`)?.Properties.Policies, place).map(
        ({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument,
      ),
    })),
  ];
  return parseSeed({ ...seed, Keys, Principals, AbsentAliases: own(seed.AbsentAliases) });
}
