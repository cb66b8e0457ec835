import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { defaultAccount } from '../../emulator/core/credential.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { readIdempotencySettings } from '../../shared/config/idempotency-settings.ts';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { Osls, OslsFunction } from '../packaging/osls.ts';
import { readInvocation } from './invocation-context.ts';
import { formatFunctionArn } from './list-functions.ts';

/** A function as serverless-offline calls it. */
type LocalFunction = (event: unknown, context: Context) => Promise<unknown>;

/** The functions by their keys in serverless.yml. */
export const handlers: Record<string, LocalFunction> = {};

/**
 * Makes serverless-offline call the functions through `handlers`. `endpoints` contains the KMS endpoints of functions with
 * roles.
 */
export function registerFunctions(osls: Osls, endpoints: ReadonlyMap<string, string>): void {
  const scope = { region: osls.getProvider('aws').getRegion(), account: defaultAccount };
  for (const [key, entry] of Object.entries(osls.service.functions)) {
    const file = join(osls.serviceDir, `${entry.handler.split('.')[0]}.ts`);
    const load = () => loadHandler(file, entry, endpoints.get(key));
    handlers[key] = createLocalFunction(load, formatFunctionArn(scope, entry.name));
    entry.handler = `infra/local/functions.handlers.${key}`;
  }
}

/**
 * Creates a function whose context contains the ARN by which it was invoked, as in Lambda. serverless-offline has no
 * aliases, but a function trusts the identity in an event only if API Gateway's alias was invoked.
 */
export function createLocalFunction(load: () => Promise<Handler>, arn: string): LocalFunction {
  let loaded: Promise<Handler> | undefined;
  return async (event, context) => {
    loaded ??= load();
    const handler = await loaded;
    const { isGateway, clientContext } = readInvocation(context.clientContext);
    const invokedFunctionArn = isGateway ? `${arn}:${gatewayAlias}` : arn;
    return handler(event, { ...context, clientContext, invokedFunctionArn } as Context);
  };
}

/** Loads a handler. `endpoint` replaces the KMS endpoint in the environment. */
async function loadHandler(file: string, entry: OslsFunction, endpoint: string | undefined): Promise<Handler> {
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: Handler };
  if (endpoint === undefined) return handler;
  const idempotency = entry.environment === undefined ? {} : { idempotency: readIdempotencySettings() };
  return handler.withConfig({ ...readFunctionConfig(), endpoint, ...idempotency });
}
