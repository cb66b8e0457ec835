import type { KmsOperation } from '../../functions/all-operations.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';
import { type Caller, defaultAccount, isAccountId } from '../core/credential.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { readStoredKeyPolicy } from '../policy-language/key-policy-rules.ts';
import type { Policy } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';
import { createAccessDenied } from './access-denied.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import { readConditionKey } from './condition-keys.ts';
import { type Decision, decide } from './decide.ts';
import type { AuthorizationRequest } from './evaluate.ts';
import { type Check, type Explanation, explainChecks } from './explain.ts';
import { createTargetFinder } from './find-targets.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import type { KmsCall } from './kms-call.ts';
import { createLockoutCheck } from './lockout.ts';
import type { OrganizationPolicies } from './organization-policies.ts';
import { createRootPrincipal, type Principal, parseIdentity } from './principal.ts';
import { decideRetirement } from './retirement.ts';
import { createUndeclaredWarning } from './undeclared-warning.ts';
import { verifySignature } from './verify-signature.ts';

/** Limits each cache's memory use. A full cache is cleared. */
const maxCacheEntries = 2_000;

export interface OperationAuthorizer {
  /** Throws AccessDeniedException if the caller is not allowed to make the call. */
  require(call: KmsCall): void;
  /** Makes the same decisions as `require`, and returns the reasons. */
  explain(call: KmsCall): Explanation;
}

export interface AuthorizerOptions {
  /** Verifies signatures with the principals' secret access keys, and rejects all other callers. */
  readonly verifiesSignatures?: boolean | undefined;
  readonly organization?: OrganizationPolicies;
  /** Lets access key ids that no principal has act as the account root user, although there are principals. */
  readonly admitsUndeclared?: boolean;
}

/** Authorizes every call based on key policies, grants and identity-based policies. */
export class Authorizer {
  readonly #principals: ReadonlyMap<string, Principal>;
  /** Caches parsed key policies by their text, because most keys in an account have the same default policy. */
  readonly #policies = new Map<string, Policy | PolicyError>();
  readonly #roots = new Map<string, Principal>();

  readonly #verifiesSignatures: boolean;

  readonly #organization: OrganizationPolicies;
  readonly #admitsUndeclared: boolean;
  readonly #warnAboutUndeclared: (accessKeyId: string) => void;

  /** `principals` maps access key ids to principals. */
  constructor(principals: ReadonlyMap<string, Principal>, options: AuthorizerOptions = {}) {
    const { verifiesSignatures = false, organization = new Map(), admitsUndeclared = false } = options;
    this.#principals = principals;
    this.#organization = organization;
    this.#verifiesSignatures = verifiesSignatures;
    this.#admitsUndeclared = admitsUndeclared || principals.size === 0;
    this.#warnAboutUndeclared = createUndeclaredWarning(principals);
  }

  /**
   * Returns the principal for an access key id. An id that consists of an account id represents the account's root user.
   * Any other id that the seed does not contain represents the root user only if the seed contains no principals, or says
   * so. Otherwise, throws UnrecognizedClientException, as AWS does for an access key that does not exist.
   */
  identify({ accessKeyId, account, region }: Caller, http: HttpRequestInfo): Principal {
    const seeded = this.#principals.get(accessKeyId);
    if (this.#verifiesSignatures) requireSignature(seeded, http);
    if (seeded !== undefined) return seeded;
    if (this.#isRoot(accessKeyId)) return this.#findRoot(account, region);
    this.#warnAboutUndeclared(accessKeyId);
    throw createUnrecognizedClient();
  }

  #isRoot(accessKeyId: string): boolean {
    return this.#admitsUndeclared || isAccountId(accessKeyId);
  }

  /**
   * Returns the principal with this access key id or ARN, for an explanation. An ARN that the seed does not contain
   * identifies a caller without identity-based policies. Throws KmsError for the ARN of anything else than a caller, and for
   * an access key id that the emulator rejects.
   */
  findPrincipal(name: string, region: string): Principal {
    const seeded = this.#principals.get(name) ?? [...this.#principals.values()].find((each) => isNamed(each, name));
    if (seeded !== undefined) return seeded;
    const identity = parseIdentity(name, 'session');
    if (identity === undefined && name.startsWith('arn:')) {
      throw new KmsError(
        'ValidationException',
        `${name} is not the ARN of a user, a role, a role session, a federated user or an account root user.`,
      );
    }
    if (identity === undefined && !this.#isRoot(name)) {
      const hint = suggestName(name, [...this.#principals.keys()]);
      throw new KmsError('ValidationException', `No principal in the seed has the access key id ${name}.${hint}`);
    }
    if (identity === undefined) return this.#findRoot(isAccountId(name) ? name : defaultAccount, region);
    if (identity.type === 'Account') return this.#findRoot(identity.account, region);
    return { ...identity, policies: [], tags: {}, conditionKeys: new Map() };
  }

  /** Creates the functions that authorize calls to an operation and explain the decisions. */
  forOperation(operation: KmsOperation): OperationAuthorizer {
    const isRetirement = operation.name === 'RetireGrant';
    const findTargets = isRetirement ? () => [] : createTargetFinder(operation);
    const checkLockout = createLockoutCheck(operation);
    const requireUnlocked = (call: KmsCall) =>
      checkLockout?.(call, (target, policy) => this.#decide(target, call, policy).denial === undefined);
    return {
      require: (call) => {
        for (const target of findTargets(call.input, call.context)) this.#require(target, call);
        if (isRetirement) for (const check of this.#decideRetirement(call)) throwIfDenied(check, call.principal);
        requireUnlocked(call);
      },
      explain: (call) => {
        const checks = isRetirement
          ? this.#decideRetirement(call)
          : findTargets(call.input, call.context).map((target) => ({
              target,
              decision: this.#decideKey(target, call),
            }));
        return explainChecks(call.principal, checks, () => requireUnlocked(call));
      },
    };
  }

  /** Throws AccessDeniedException if no policy allows the caller an action of another service, which has no resource. */
  requireAction(action: 'tag:GetResources', call: KmsCall): void {
    const { account, region } = call.context;
    this.#require({ operation: action, crossAccount: false, action, resource: '*', region, account, input: {} }, call);
  }

  #require(target: AuthorizationTarget, call: KmsCall): void {
    const { principal, context } = call;
    const policy = target.key && this.#readPolicy(target.key, context);
    if (this.#organization.size === 0 && isOpen(target, principal, policy)) return;
    throwIfDenied({ target, decision: this.#decide(target, call, policy) }, principal);
  }

  #decideKey(target: AuthorizationTarget, call: KmsCall): Decision {
    return this.#decide(target, call, target.key && this.#readPolicy(target.key, call.context));
  }

  #decide(target: AuthorizationTarget, call: KmsCall, policy: Policy | PolicyError | undefined): Decision {
    const request = toAuthorizationRequest(target, call);
    if (!(policy instanceof PolicyError)) {
      return decide(call.context.store, request, target, policy, this.#organization);
    }
    const reason = `because the key policy cannot be evaluated: ${policy.message}`;
    return { denial: { reason }, limit: undefined, unknownKeys: [], evidence: [], grants: [] };
  }

  #decideRetirement(call: KmsCall): Check[] {
    const check = decideRetirement(call, (target) => this.#decide(target, call, undefined));
    return check === undefined ? [] : [check];
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

function throwIfDenied({ target, decision: { denial, unknownKeys } }: Check, principal: Principal): void {
  if (denial !== undefined) throw createAccessDenied(principal, target, denial, unknownKeys);
}

function isNamed({ arn, principalArn }: Principal, name: string): boolean {
  return arn === name || principalArn === name;
}

function createUnrecognizedClient(): KmsError {
  return new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
}

function requireSignature(principal: Principal | undefined, http: HttpRequestInfo): void {
  if (principal?.secretAccessKey === undefined) throw createUnrecognizedClient();
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
