import type { Deployment } from '../deployment.ts';
import { jwtAuthorizers } from './authorizer.ts';

/** What serverless.yml says under `provider.httpApi`. */
export interface HttpApiSettings {
  readonly disableDefaultEndpoint?: true;
  readonly cors?: object;
  readonly authorizers?: object;
}

const corsMaxAgeSeconds = 600;

export function httpApiOf(deployment: Deployment): HttpApiSettings {
  const { parameters, isLocal } = deployment;
  const { domainName, corsOrigins } = parameters;
  if (isLocal) return {};
  return {
    ...jwtAuthorizers(deployment),
    // One address, so that what guards the domain cannot be gone round.
    ...(domainName === undefined ? {} : { disableDefaultEndpoint: true }),
    ...(corsOrigins === undefined ? {} : { cors: corsOf(corsOrigins) }),
  };
}

/** A signed request carries these headers; no cookie is ever read. */
function corsOf(origins: readonly string[]): object {
  return {
    allowedOrigins: origins,
    allowedHeaders: ['authorization', 'content-type', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
    allowedMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    exposedResponseHeaders: ['retry-after', 'apigw-requestid'],
    maxAge: corsMaxAgeSeconds,
  };
}
