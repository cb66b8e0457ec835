import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { handlerPath } from '../../infra/function-entry.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';

/** The function's environment in stage `local`. Set before a handler is loaded. */
export function pointAt(endpoint: string, region = 'us-east-1'): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    KMS_FUNCTIONS_STAGE: 'local',
    ALLOWED_ACCOUNT_IDS: '000000000000',
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
}

/** The variables by which a deployment says who may. */
export const accessNames = /^(AUTH|KEYS_CLAIM|DIRECT_KEYS|TENANT_.*|CALLER_.*|ALLOWED_PRINCIPALS|GRANT_OPERATIONS)$/;
/** The others that a function reads as it loads, of those that tests change. */
const placeNames = /^(AWS_REGION|ALLOWED_REGIONS|ALLOWED_ACCOUNT_IDS|KMS_FUNCTIONS_SERVICE_TAG|AUDIT_CONTEXT_VALUES)$/;

/** The operation's own handler, as its file exports it to a function that is loaded in the environment of now. */
export async function loadHandler(operation: Operation): Promise<Handler> {
  const read = Object.entries(process.env).filter(([name]) => accessNames.test(name) || placeNames.test(name));
  // Each environment loads a module of its own.
  const query = new URLSearchParams(read as [string, string][]);
  // A whole path, which Vite leaves for the run: what it reads from a template goes one folder deep.
  const file = new URL(`../../${handlerPath(operation)}.ts?${query}`, import.meta.url).href;
  const module = (await import(file)) as { handler: Handler };
  return module.handler;
}

/** What Lambda hands to a handler, of a function with `timeoutMs` to run. */
export function contextOf(timeoutMs = 10_000): Context {
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
