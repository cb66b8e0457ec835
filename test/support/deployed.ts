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
import { createContext, loadHandler } from './handlers.ts';
import { buildHttpEvent, type HttpEventV2 } from './http-events.ts';

/** The tenant configuration with the claim `tenant_id` and the deployment defaults. */
export const claimTenancy: Tenancy = {
  field: 'claim:tenant_id',
  contextKey: tenancyDefaults.contextKey,
  tag: tenancyDefaults.tag,
  direct: tenancyDefaults.direct,
};

/** Returns the configuration of a deployed stage, with the KMS endpoint from the environment. */
export function buildDeployedConfig(overrides: Partial<FunctionConfig>): FunctionConfig {
  const local = readFunctionConfig();
  const policyBounds = {
    partition: local.partition,
    accountIds: local.accountIds,
    principals: new Set<string>(),
    grantOperations: undefined,
  };
  return { ...local, auth: 'iam', policyBounds, ...overrides };
}

/** Loads an operation's exported handler as a deployment with this configuration does. */
export function loadDeployedHandler(operation: Operation, overrides: Partial<FunctionConfig>): Promise<Handler> {
  return loadHandler(operation, buildDeployedConfig(overrides));
}

/** Creates the context of a function that API Gateway invokes. */
export function createGatewayContext(timeoutMs?: number): Context {
  const context = createContext(timeoutMs);
  return { ...context, invokedFunctionArn: `${context.invokedFunctionArn}:${gatewayAlias}` };
}

type Claims = Readonly<Record<string, string>>;

/** Builds an event from an HTTP API with a JWT authorizer. API Gateway converts a list in a claim to text: `[a b]`. */
export function buildBearerEvent(operation: Operation, claims: Claims, input?: JsonObject): HttpEventV2 {
  return addAuthorizer(operation, { jwt: { claims: { sub: 'someone', iss: 'https://issuer', ...claims } } }, input);
}

/** Builds an event from an HTTP API with an IAM authorizer. */
export function buildSignedEvent(operation: Operation, iam: Claims = {}, input?: JsonObject): HttpEventV2 {
  const userArn = 'arn:aws:sts::000000000000:assumed-role/app/session';
  return addAuthorizer(operation, { iam: { userArn, accountId: '000000000000', ...iam } }, input);
}

function addAuthorizer(operation: Operation, authorizer: object, input = operation.example.input): HttpEventV2 {
  const event = buildHttpEvent(operation, findRoute(operation, input), input);
  const http = { ...(event.requestContext.http as object), sourceIp: '192.0.2.7' };
  return {
    ...event,
    requestContext: { ...event.requestContext, http, apiId: 'api', requestId: 'gateway-request', authorizer },
  };
}

/** Returns the first route whose path parameters are all in the input, or the operation's first route. */
function findRoute({ routes }: Operation, input: JsonObject) {
  const named = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return routes.find(({ path }) => named(path).every((name) => name in input)) ?? routes[0];
}
