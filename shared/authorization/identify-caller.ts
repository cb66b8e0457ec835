import type { Context } from 'aws-lambda';
import type { Caller } from '../call/caller.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { gatewayAlias } from '../config/resource-names.ts';
import { parseArn } from '../declaration/arn.ts';
import { compact, isObject, type UnknownObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { isHttpEvent } from '../http/http-request.ts';

/** Identifies the caller, and rejects events whose sender cannot be trusted. */
export function identifyCaller(config: Pick<FunctionConfig, 'auth'>): ChainMiddleware {
  return {
    before: ({ event, context, internal: { call } }) => {
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
  const isGateway = readAlias(context) === gatewayAlias;
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

/** Returns the alias from the invoked function's ARN: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`. */
function readAlias({ invokedFunctionArn = '' }: Partial<Context>): string | undefined {
  return parseArn(invokedFunctionArn)?.resource.split(':')[2];
}

/** Reads the caller of a route with IAM authorization (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). */
function readIamPrincipal(iam: UnknownObject): Caller {
  return {
    kind: 'iam',
    isVerified: true,
    ...compact({ principal: readText(iam.userArn), accountId: readText(iam.accountId) }),
  };
}

/** Reads the caller of a route with a JWT authorizer (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html). */
function readTokenBearer(claims: UnknownObject): Caller {
  return {
    kind: 'jwt',
    isVerified: true,
    claims,
    ...compact({
      principal: readText(claims.sub),
      issuer: readText(claims.iss),
      clientId: readText(claims.client_id) ?? readText(claims.azp),
    }),
  };
}

function readObject(value: unknown): UnknownObject {
  return isObject(value) ? value : {};
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
