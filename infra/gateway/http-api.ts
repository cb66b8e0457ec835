import type { Deployment } from '../deployment/deployment.ts';
import { buildJwtAuthorizers } from './authorizer.ts';

/** `provider.httpApi` of serverless.yml. */
export interface HttpApiSettings {
  readonly disableDefaultEndpoint?: true;
  readonly cors?: object;
  readonly authorizers?: object;
}

const corsMaxAgeSeconds = 600;

export function buildHttpApi(deployment: Deployment): HttpApiSettings {
  const { parameters, isLocal } = deployment;
  const { domainName, corsOrigins } = parameters;
  if (isLocal) return {};
  return {
    ...buildJwtAuthorizers(deployment),
    // With a domain, the default endpoint is disabled so that callers cannot bypass the domain's protections.
    ...(domainName === undefined ? {} : { disableDefaultEndpoint: true }),
    ...(corsOrigins === undefined ? {} : { cors: buildCors(corsOrigins) }),
  };
}

/** Allows the headers of signed requests. The functions never read cookies. */
function buildCors(origins: readonly string[]): object {
  return {
    allowedOrigins: origins,
    allowedHeaders: ['authorization', 'content-type', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
    allowedMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
    exposedResponseHeaders: ['retry-after', 'apigw-requestid'],
    maxAge: corsMaxAgeSeconds,
  };
}
