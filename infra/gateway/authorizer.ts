import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment.ts';

/** Of a route. Outside stage `local` there is none without; the local gateway can check neither kind. */
export type Authorizer = { readonly type: 'aws_iam' } | { readonly name: 'jwt'; readonly scopes: readonly string[] };

export function authorizerOf(operation: Operation, { isLocal, parameters }: Deployment): Authorizer | undefined {
  if (isLocal) return undefined;
  return parameters.auth === 'iam'
    ? { type: 'aws_iam' }
    : { name: 'jwt', scopes: scopesOf(operation, parameters.scopePrefix) };
}

/** The scopes of which a token must have one: that of the operation, or that of its set. */
export function scopesOf({ name, group }: Pick<Operation, 'name' | 'group'>, prefix: string): string[] {
  return [`${prefix}${name}`, `${prefix}${group}`];
}

/** What serverless.yml says under `provider.httpApi.authorizers`. */
export function jwtAuthorizers({ isLocal, parameters }: Deployment): { authorizers?: object } {
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
