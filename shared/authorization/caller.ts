import type { Context } from 'aws-lambda';
import { parseArn } from '../declaration/arn.ts';
import { compact, isObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { isHttpEvent } from '../http/http-request.ts';
import type { Access } from './access-config.ts';

/** Who called, as far as it is known. Only `kind` and what the record names of it are ever logged. */
export interface Caller {
  /** `local`: the gateway of this machine, which authenticates nobody. `unknown`: nobody whose word is taken. */
  readonly kind: 'iam' | 'jwt' | 'direct' | 'local' | 'unknown';
  /** Whether the gateway vouches for what stands here. Of a direct invoker Lambda tells a function nothing. */
  readonly isVerified: boolean;
  /** ARN of the IAM principal, or the subject of the JWT. */
  readonly principal?: string;
  /** Account of the IAM principal. */
  readonly accountId?: string;
  readonly issuer?: string;
  /** The JWT's client (`client_id`, or `azp`). */
  readonly clientId?: string;
  readonly sourceIp?: string;
  readonly apiId?: string;
  /** The JWT's claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * The alias by which API Gateway, and nobody else, invokes a function. An invoker's IAM policy that names the function
 * without it does not reach it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export const gatewayAlias = 'gateway';

/**
 * The caller of an event. Identity is read from an HTTP event that came through the gateway's alias, and from nowhere
 * else: a direct invoker could write anything into an event.
 */
export function callerOf(event: unknown, context: Context, { auth }: Access): Caller {
  const isHttp = isHttpEvent(event);
  if (auth === 'open') return { kind: isHttp ? 'local' : 'direct', isVerified: false };
  const isGateway = parseArn(context.invokedFunctionArn ?? '')?.resource.split(':')[2] === gatewayAlias;
  if (isHttp !== isGateway) {
    throw new KmsFunctionsError(
      'UntrustedEventError',
      isHttp ? 'An HTTP event is taken from the gateway alone.' : 'The gateway sends HTTP events alone.',
    );
  }
  if (!isHttp) return { kind: 'direct', isVerified: false };
  const requestContext = objectOf(event.requestContext);
  const authorizer = objectOf(requestContext.authorizer);
  const where = compact({
    sourceIp: textOf(objectOf(requestContext.http).sourceIp) ?? textOf(objectOf(requestContext.identity).sourceIp),
    apiId: textOf(requestContext.apiId),
  });
  const caller =
    auth === 'jwt'
      ? bearer(objectOf(objectOf(authorizer.jwt).claims ?? authorizer.claims))
      : signer(objectOf(authorizer.iam ?? requestContext.identity));
  if (caller.principal === undefined) {
    throw new KmsFunctionsError('UntrustedEventError', 'The gateway names no caller: this route has no authorizer.');
  }
  return { ...caller, ...where };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html */
function signer(iam: Readonly<Record<string, unknown>>): Caller {
  return {
    kind: 'iam',
    isVerified: true,
    ...compact({ principal: textOf(iam.userArn), accountId: textOf(iam.accountId) }),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
function bearer(claims: Readonly<Record<string, unknown>>): Caller {
  return {
    kind: 'jwt',
    isVerified: true,
    claims,
    ...compact({
      principal: textOf(claims.sub),
      issuer: textOf(claims.iss),
      clientId: textOf(claims.client_id) ?? textOf(claims.azp),
    }),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
