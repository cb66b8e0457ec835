import { idempotencyKeyHeader, replayHeader } from '../../shared/declaration/idempotency-key.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { buildJwtAuthorizers } from './authorizer.ts';

/** The value of `provider.httpApi` in serverless.yml. */
export interface HttpApiSettings {
  readonly disableDefaultEndpoint?: true;
  readonly cors?: object;
  readonly authorizers?: object;
}

const corsMaxAgeSeconds = 600;

export function buildHttpApi(deployment: Deployment): HttpApiSettings {
  const { parameters, isLocal } = deployment;
  const { domainName, corsOrigins, idempotency } = parameters;
  if (isLocal) return buildJwtAuthorizers(deployment);
  return {
    ...buildJwtAuthorizers(deployment),
    // Prevents callers from bypassing the client certificates that the custom domain can require. The domain's regional
    // endpoint stays open, so callers can still bypass a firewall in front of the domain.
    ...(domainName === undefined ? {} : { disableDefaultEndpoint: true }),
    ...(corsOrigins === undefined ? {} : { cors: buildCors(corsOrigins, idempotency) }),
  };
}

/** Builds CORS settings that allow the headers of signed requests, but not cookies, which the functions never read. */
function buildCors(origins: readonly string[], hasIdempotencyKeys: boolean): object {
  return {
    allowedOrigins: origins,
    allowedHeaders: [
      'authorization',
      'content-type',
      ...(hasIdempotencyKeys ? [idempotencyKeyHeader] : []),
      'kms-parameters',
      'kms-timeout-ms',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
    ],
    allowedMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    exposedResponseHeaders: [
      'retry-after',
      'apigw-requestid',
      'kms-parameters',
      ...(hasIdempotencyKeys ? [replayHeader] : []),
    ],
    maxAge: corsMaxAgeSeconds,
  };
}
