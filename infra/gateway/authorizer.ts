import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';

/** The authorizer of a route. In stage `local`, infra/local/ authorizes requests as API Gateway does. */
export type Authorizer = { readonly type: 'aws_iam' } | { readonly name: 'jwt'; readonly scopes: readonly string[] };

export function buildAuthorizer(operation: Operation, { auth, parameters }: Deployment): Authorizer | undefined {
  if (auth === 'open') return undefined;
  return auth === 'iam' ? { type: 'aws_iam' } : { name: 'jwt', scopes: buildScopes(operation, parameters.scopePrefix) };
}

/** Returns the scopes for an operation and its group. A token needs at least one of these scopes. */
function buildScopes({ name, group }: Pick<Operation, 'name' | 'group'>, prefix: string): string[] {
  return [`${prefix}${name}`, `${prefix}${group}`];
}

/** Builds `provider.httpApi.authorizers` for serverless.yml. */
export function buildJwtAuthorizers({ auth, parameters }: Deployment): { authorizers?: object } {
  const { jwtIssuer, jwtAudience } = parameters;
  if (auth !== 'jwt') return {};
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
