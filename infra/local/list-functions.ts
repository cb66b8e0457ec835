import type { Reply } from './front.ts';

/** The Region and account of the local functions. */
export interface LambdaScope {
  readonly region: string;
  readonly account: string;
}

export function formatFunctionArn({ region, account }: LambdaScope, name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

export const functionsPath = /^\/2015-03-31\/functions\/?$/;

/** Builds the response of Lambda's operation ListFunctions (https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html). */
export function listFunctions(
  names: Iterable<string>,
  scope: LambdaScope,
  environment: Readonly<Record<string, unknown>>,
): Reply {
  const Variables = Object.fromEntries(Object.entries(environment).filter(([, value]) => typeof value === 'string'));
  const Functions = [...names].map((FunctionName) => ({
    FunctionName,
    FunctionArn: formatFunctionArn(scope, FunctionName),
    Environment: { Variables },
  }));
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ Functions }) };
}
