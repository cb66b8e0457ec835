import type { Context } from 'aws-lambda';
import { gatewayAlias } from '../../shared/authorization/caller.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { accessNames, contextOf, loadHandler } from './handlers.ts';
import { eventOn, type HttpEventV2 } from './http-events.ts';

/** The variables by which a deployment says who may. */
export interface AccessEnvironment {
  readonly AUTH: 'iam' | 'jwt';
  readonly [name: string]: string;
}

/** The operation's handler, as its file exports it and as a deployment with this environment loads it. */
export async function deployedHandler(operation: Operation, environment: AccessEnvironment): Promise<Handler> {
  for (const name of Object.keys(process.env)) if (accessNames.test(name)) delete process.env[name];
  Object.assign(process.env, environment);
  try {
    return await loadHandler(operation);
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
}

/** What Lambda tells a function that API Gateway invokes. */
export function gatewayContext(): Context {
  const context = contextOf();
  return { ...context, invokedFunctionArn: `${context.invokedFunctionArn}:${gatewayAlias}` };
}

type Claims = Readonly<Record<string, string>>;

/** An event as an HTTP API sends it after its JWT authorizer. A claim's list is text there: `[a b]`. */
export function bearerEvent(operation: Operation, claims: Claims, input?: JsonObject): HttpEventV2 {
  return authorized(operation, { jwt: { claims: { sub: 'someone', iss: 'https://issuer', ...claims } } }, input);
}

/** An event as an HTTP API sends it after its IAM authorizer. */
export function signedEvent(operation: Operation, iam: Claims = {}, input?: JsonObject): HttpEventV2 {
  const userArn = 'arn:aws:sts::000000000000:assumed-role/app/session';
  return authorized(operation, { iam: { userArn, accountId: '000000000000', ...iam } }, input);
}

function authorized(operation: Operation, authorizer: object, input = operation.example.input): HttpEventV2 {
  const event = eventOn(operation, routeFor(operation, input), input);
  const http = { ...(event.requestContext.http as object), sourceIp: '192.0.2.7' };
  return {
    ...event,
    requestContext: { ...event.requestContext, http, apiId: 'api', requestId: 'gateway-request', authorizer },
  };
}

/** The first route on which nothing of the input is left out. */
function routeFor({ routes }: Operation, input: JsonObject) {
  const named = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return routes.find(({ path }) => named(path).every((name) => name in input)) ?? routes[0];
}
