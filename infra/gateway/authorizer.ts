import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';

/**
 * The authorizer of a deployed route. Local routes have no authorizer, because serverless-offline supports neither
 * type.
 */
export type Authorizer = { readonly type: 'aws_iam' } | { readonly name: 'jwt'; readonly scopes: readonly string[] };

export function buildAuthorizer(operation: Operation, { isLocal, parameters }: Deployment): Authorizer | undefined {
  if (isLocal) return undefined;
  return parameters.auth === 'iam'
    ? { type: 'aws_iam' }
    : { name: 'jwt', scopes: buildScopes(operation, parameters.scopePrefix) };
}

/** Returns the scopes for an operation and its group. A token needs at least one of these scopes. */
function buildScopes({ name, group }: Pick<Operation, 'name' | 'group'>, prefix: string): string[] {
  return [`${prefix}${name}`, `${prefix}${group}`];
}

/** Builds `provider.httpApi.authorizers` for serverless.yml. */
export function buildJwtAuthorizers({ isLocal, parameters }: Deployment): { authorizers?: object } {
  const { auth, jwtIssuer, jwtAudience } = parameters;
  if (isLocal || auth !== 'jwt') return {};
  return {
    authorizers: {
      jwt: {
        type: 'jwt',
        identitySource: '$request.header.Authorization',
        issuerUrl: jwtIssuer,
        audience: jwtAudience,
      },
    },
  };
}
