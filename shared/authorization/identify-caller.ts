import type { Context } from 'aws-lambda';
import type { Caller } from '../call/caller.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { gatewayAlias } from '../config/resource-names.ts';
import { parseArn } from '../declaration/arn.ts';
import { compact, isObject, type UnknownObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { isHttpEvent } from '../http/http-request.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';

/** Identifies the caller, and rejects events whose sender cannot be trusted. */
export function identifyCaller(config: Pick<FunctionConfig, 'auth'>): ChainMiddleware {
  return {
    before: ({ event, context, internal: { call } }) => {
      // API Gateway accepts only responses, so an error must become a response even if the caller is rejected.
      if (isHttpEvent(event) && (config.auth === 'open' || isGatewayCall(context))) call.trigger = 'http';
      call.caller = resolveCaller(event, context, config);
    },
  };
}

/**
 * Returns the caller of an event. Only an HTTP event that arrives through the gateway alias contains a trusted identity,
 * because a direct invoker can put any value in an event.
 */
export function resolveCaller(event: unknown, context: Context, { auth }: Pick<FunctionConfig, 'auth'>): Caller {
  const isHttp = isHttpEvent(event);
  if (auth === 'open') return { kind: isHttp ? 'local' : 'direct', isVerified: false };
  const isGateway = isGatewayCall(context);
  if (isHttp !== isGateway) {
    throw new KmsFunctionsError(
      'UntrustedEventError',
      isHttp ? 'HTTP events are accepted only from API Gateway.' : 'API Gateway may send only HTTP events.',
    );
  }
  if (!isHttp) return { kind: 'direct', isVerified: false };
  const requestContext = readObject(event.requestContext);
  const authorizer = readObject(requestContext.authorizer);
  const caller =
    auth === 'jwt'
      ? readTokenBearer(readObject(readObject(authorizer.jwt).claims ?? authorizer.claims))
      : readIamPrincipal(readObject(authorizer.iam ?? requestContext.identity));
  if (caller.principal === undefined) {
    if (Object.keys(caller.claims ?? {}).length > 0)
      throw callerNotAllowed('The token does not identify its bearer. It needs the claim sub, client_id or azp.');
    throw new KmsFunctionsError(
      'UntrustedEventError',
      'The event does not identify a caller, because the route has no authorizer.',
    );
  }
  const http = readObject(requestContext.http);
  const identity = readObject(requestContext.identity);
  return {
    ...caller,
    ...compact({
      sourceIp: readText(http.sourceIp) ?? readText(identity.sourceIp),
      apiId: readText(requestContext.apiId),
    }),
  };
}

/** Reads the alias in the invoked function's ARN: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`. */
function isGatewayCall({ invokedFunctionArn = '' }: Partial<Context>): boolean {
  return parseArn(invokedFunctionArn)?.resource.split(':')[2] === gatewayAlias;
}

/**
 * Matches the ARN of a role session. The identity that assumes the role chooses the session name, which can differ
 * between an application's instances (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */
const roleSession = /^(arn:[^:]+:sts::\d{12}:assumed-role\/[^/]+)\/(.+)$/;

/** Reads the caller of a route with IAM authorization (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). */
function readIamPrincipal(iam: UnknownObject): Caller {
  const userArn = readText(iam.userArn);
  const [, role, sessionName] = roleSession.exec(userArn ?? '') ?? [];
  return {
    kind: 'iam',
    isVerified: true,
    ...compact({ principal: role ?? userArn, sessionName, accountId: readText(iam.accountId) }),
  };
}

/**
 * Reads the caller of a route with a JWT authorizer (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
 * Some issuers omit the subject from tokens for clients. The client is then the caller.
 */
function readTokenBearer(claims: UnknownObject): Caller {
  const clientId = readText(claims.client_id) ?? readText(claims.azp);
  return {
    kind: 'jwt',
    isVerified: true,
    claims,
    ...compact({ principal: readText(claims.sub) ?? clientId, issuer: readText(claims.iss), clientId }),
  };
}

function readObject(value: unknown): UnknownObject {
  return isObject(value) ? value : {};
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
