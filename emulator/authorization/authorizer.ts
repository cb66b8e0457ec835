import type { KmsOperation } from '../../functions/all-operations.ts';
import type { Caller } from '../core/credential.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { readStoredKeyPolicy } from '../policy-language/key-policy-rules.ts';
import type { Policy } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';
import { createAccessDenied } from './access-denied.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import { readConditionKey } from './condition-keys.ts';
import { decide } from './decide.ts';
import type { AuthorizationRequest } from './evaluate.ts';
import { createTargetFinder } from './find-targets.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import type { KmsCall } from './kms-call.ts';
import { createLockoutCheck } from './lockout.ts';
import { createRootPrincipal, type Principal } from './principal.ts';
import { requireRetirement } from './retirement.ts';
import { verifySignature } from './verify-signature.ts';

/** Limits each cache's memory use. A full cache is cleared. */
const maxCacheEntries = 2_000;

/** Throws AccessDeniedException if the caller is not allowed to make the call. */
export type Authorize = (call: KmsCall) => void;

/** Authorizes every call based on key policies, grants and identity-based policies. */
export class Authorizer {
  readonly #principals: ReadonlyMap<string, Principal>;
  /** Caches parsed key policies by their text, because most keys in an account have the same default policy. */
  readonly #policies = new Map<string, Policy | PolicyError>();
  readonly #roots = new Map<string, Principal>();

  readonly #verifiesSignatures: boolean;

  /** `principals` maps access key ids to principals. */
  constructor(principals: ReadonlyMap<string, Principal>, verifiesSignatures = false) {
    this.#principals = principals;
    this.#verifiesSignatures = verifiesSignatures;
  }

  /** Returns the principal for an access key id. If the seed does not contain the id, returns the account root user. */
  identify({ accessKeyId, account, region }: Caller, http: HttpRequestInfo): Principal {
    const seeded = this.#principals.get(accessKeyId);
    if (this.#verifiesSignatures) requireSignature(seeded, http);
    return seeded ?? this.#findRoot(account, region);
  }

  /** Creates the function that authorizes calls to an operation. */
  forOperation(operation: KmsOperation): Authorize {
    if (operation.name === 'RetireGrant') return (call) => this.#requireRetirement(call);
    const findTargets = createTargetFinder(operation);
    const checkLockout = createLockoutCheck(operation);
    return (call) => {
      for (const target of findTargets(call.input, call.context)) this.#require(target, call);
      checkLockout?.(call, (target, policy) => {
        return decide(call.context.store, toAuthorizationRequest(target, call), target, policy).denial === undefined;
      });
    };
  }

  #require(target: AuthorizationTarget, call: KmsCall): void {
    const { principal, context } = call;
    const policy = target.key && this.#readPolicy(target.key, context);
    if (isOpen(target, principal, policy)) return;
    if (policy instanceof PolicyError) {
      const reason = `because the key policy cannot be evaluated: ${policy.message}`;
      throw createAccessDenied(principal, target, { reason }, []);
    }
    const { denial, unknownKeys } = decide(context.store, toAuthorizationRequest(target, call), target, policy);
    if (denial !== undefined) throw createAccessDenied(principal, target, denial, unknownKeys);
  }

  #requireRetirement(call: KmsCall): void {
    requireRetirement(call, (target) =>
      decide(call.context.store, toAuthorizationRequest(target, call), target, undefined),
    );
  }

  #readPolicy(key: Key, { store }: OperationContext): Policy | PolicyError {
    const text = store.policies.find(key.seq);
    let policy = this.#policies.get(text);
    if (policy === undefined) {
      policy = readStoredKeyPolicy(text);
      if (this.#policies.size >= maxCacheEntries) this.#policies.clear();
      this.#policies.set(text, policy);
    }
    return policy;
  }

  #findRoot(account: string, region: string): Principal {
    const location = `${account} ${region}`;
    let root = this.#roots.get(location);
    if (root === undefined) {
      root = createRootPrincipal(account, region);
      if (this.#roots.size >= maxCacheEntries) this.#roots.clear();
      this.#roots.set(location, root);
    }
    return root;
  }
}

function requireSignature(principal: Principal | undefined, http: HttpRequestInfo): void {
  if (principal?.secretAccessKey === undefined) {
    throw new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  verifySignature(http, principal.secretAccessKey);
}

/**
 * Returns whether the request can be allowed without evaluating any statement. This covers the common case, in which
 * the caller may do everything and the key policy allows the caller's account to do everything.
 */
function isOpen(
  { key, isAbsent }: AuthorizationTarget,
  { policies, account }: Principal,
  policy: Policy | PolicyError | undefined,
): boolean {
  if (policies !== undefined || isAbsent) return false;
  if (key === undefined) return true;
  return key.account === account && !(policy instanceof PolicyError) && policy?.openAccounts.has(account) === true;
}

function toAuthorizationRequest(
  target: AuthorizationTarget,
  { principal, context, http }: KmsCall,
): AuthorizationRequest {
  const input = { target, principal, http, nowMs: context.clock.now(), store: context.store };
  const { action, resource } = target;
  return { principal, action, resource, readConditionKey: (key) => readConditionKey(input, key) };
}
