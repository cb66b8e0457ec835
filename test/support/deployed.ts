import type { Context } from 'aws-lambda';
import {
  type FunctionConfig,
  readFunctionConfig,
  type Tenancy,
  tenancyDefaults,
} from '../../shared/config/function-config.ts';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { contextOf, loadHandler } from './handlers.ts';
import { eventOn, type HttpEventV2 } from './http-events.ts';

/** Tenants named by the claim `tenant_id`, with the defaults of a deployment. */
export const claimTenancy: Tenancy = {
  field: 'claim:tenant_id',
  contextKey: tenancyDefaults.contextKey,
  tag: tenancyDefaults.tag,
  direct: tenancyDefaults.direct,
  allowsEmails: false,
};

/** Returns the configuration of a deployed stage, whose KMS is that of the environment. */
export function deployedConfig(overrides: Partial<FunctionConfig>): FunctionConfig {
  const local = readFunctionConfig();
  const policyBounds = { accountIds: local.accountIds, principals: new Set<string>(), grantOperations: undefined };
  return { ...local, auth: 'iam', policyBounds, ...overrides };
}

/** Returns the handler of an operation, as its file exports it and as a deployment with this configuration loads it. */
export function deployedHandler(operation: Operation, overrides: Partial<FunctionConfig>): Promise<Handler> {
  return loadHandler(operation, deployedConfig(overrides));
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
