import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { defaultAccount } from '../../emulator/core/credential.ts';
import { handlerPath } from '../../infra/function-entry.ts';
import { type FunctionConfig, readFunctionConfig } from '../../shared/config/function-config.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';

/** Sets the environment of a function in stage `local`. Call it before you load a handler. */
export function setLocalEnvironment(endpoint: string, region = 'us-east-1'): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    KMS_FUNCTIONS_STAGE: 'local',
    ALLOWED_ACCOUNT_IDS: '000000000000',
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: defaultAccount,
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
}

/** Loads an operation's exported handler, with the configuration from the environment or from `config`. */
export async function loadHandler(
  operation: Operation,
  config: FunctionConfig = readFunctionConfig(),
): Promise<Handler> {
  return (await importHandler(handlerPath(operation))).withConfig(config);
}

const modules = new Map<string, Promise<{ readonly handler: Handler }>>();

/** Imports a handler by its path without the extension. Keeps the module, because each import is a request to Vite. */
export async function importHandler(path: string): Promise<Handler> {
  // Vite resolves a template literal only one folder deep, but does not change a complete URL.
  const file = new URL(`../../${path}.ts`, import.meta.url).href;
  const module = modules.get(file) ?? (import(file) as Promise<{ readonly handler: Handler }>);
  modules.set(file, module);
  return (await module).handler;
}

/** Creates the context that Lambda passes to a handler. `timeoutMs` is the function's timeout. */
export function createContext(timeoutMs = 10_000): Context {
  const endMs = Date.now() + timeoutMs;
  return {
    awsRequestId: randomUUID(),
    functionName: 'kms-functions-test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:kms-functions-test',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => endMs - Date.now(),
  } as Context;
}
