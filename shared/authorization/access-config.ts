import { type Bounds, boundsFromEnvironment } from './bounds.ts';

/**
 * Who may, as this deployment says it in its functions' environment (written by `serverless/`, from the parameters):
 *
 * | variable | meaning |
 * |---|---|
 * | `AUTH` | `iam` or `jwt`: how the gateway authenticates; absent in stage `local` alone |
 * | `KEYS_CLAIM` | the claim of a JWT that lists the keys its bearer may use; absent: every key that the roles reach |
 * | `DIRECT_KEYS` | the keys that direct invokers may use; absent: every key that the roles reach |
 * | `TENANT_FIELD`, `TENANT_CONTEXT_KEY`, `TENANT_TAG`, `TENANT_DIRECT`, `TENANT_EMAILS` | see `tenant.ts` |
 * | `CALLER_CONTEXT_KEY` | the encryption-context key under which the caller's own name is put |
 * | `ALLOWED_PRINCIPALS`, `GRANT_OPERATIONS` | see `bounds.ts` |
 */
export interface Access {
  /** `open`: nobody is asked who they are. Only stage `local`, which calls nothing beyond this machine, is. */
  readonly auth: 'iam' | 'jwt' | 'open';
  readonly keysClaim: string | undefined;
  readonly directKeys: string | undefined;
  readonly tenant: Tenancy | undefined;
  readonly callerContextKey: string | undefined;
  /** Of policies and grants; `undefined` in stage `local`, where they reach nothing. */
  readonly bounds: Bounds | undefined;
}

export interface Tenancy {
  /** `account`, `principal`, or the name of a JWT's claim after `claim:`. */
  readonly field: string;
  /** Encryption-context key of the tenant, on operations that take a context. */
  readonly contextKey: string;
  /** Tag of the tenant's own keys, on operations that take none. */
  readonly tag: string;
  /** Direct invokers have no tenant: they are refused, or trusted with every tenant's data. */
  readonly direct: 'refuse' | 'unbound';
  /** Contexts reach CloudTrail in the clear: what looks like an e-mail address does so only on request. */
  readonly allowsEmails: boolean;
}

/** Throws where a deployed stage does not say how callers are authenticated: its functions then fail to load. */
export function accessFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Access {
  const auth = environment.AUTH || undefined;
  if (auth !== 'iam' && auth !== 'jwt' && !(auth === undefined && environment.KMS_FUNCTIONS_STAGE === 'local')) {
    throw new Error('AUTH must be iam or jwt outside stage local');
  }
  return {
    auth: auth ?? 'open',
    keysClaim: environment.KEYS_CLAIM || undefined,
    directKeys: environment.DIRECT_KEYS || undefined,
    tenant: tenancyFrom(environment),
    callerContextKey: environment.CALLER_CONTEXT_KEY || undefined,
    bounds: auth === undefined ? undefined : boundsFromEnvironment(environment),
  };
}

function tenancyFrom(environment: NodeJS.ProcessEnv): Tenancy | undefined {
  const field = environment.TENANT_FIELD || undefined;
  return field === undefined
    ? undefined
    : {
        field,
        contextKey: environment.TENANT_CONTEXT_KEY || 'tenant',
        tag: environment.TENANT_TAG || 'tenant',
        direct: environment.TENANT_DIRECT === 'unbound' ? 'unbound' : 'refuse',
        allowsEmails: environment.TENANT_EMAILS === 'allow',
      };
}
