import type { Operation } from '../../shared/declaration/operation.ts';
import type { Caller } from '../core/credential.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import type { Members, Subject } from './authorization-target.ts';
import { valuesOf } from './condition-keys.ts';
import { decide } from './decide.ts';
import { denied } from './denial-message.ts';
import type { Question } from './evaluate.ts';
import { subjectReader } from './find-targets.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import { lockoutCheck } from './lockout.ts';
import { type Policy, PolicyFault, policyOrFault } from './policy-document.ts';
import { type Principal, rootOf } from './principal.ts';
import { requireRetirement } from './retirement.ts';
import { verifySignature } from './verify-signature.ts';

/** Bounds memory: a cache starts anew when it is full. */
const mostCached = 2_000;

/** Who makes a request, of what, and from where. */
export interface Request {
  readonly input: Members;
  readonly context: OperationContext;
  readonly principal: Principal;
  readonly http: HttpRequestInfo;
}

/** Throws AccessDeniedException where the request may not be made. */
export type Authorize = (request: Request) => void;

/** Key policies, grants and identity policies, deciding on every request. */
export class Authorizer {
  readonly #principals: ReadonlyMap<string, Principal>;
  /** By text: most keys have the default policy of their account. */
  readonly #policies = new Map<string, Policy | PolicyFault>();
  readonly #roots = new Map<string, Principal>();

  readonly #verifiesSignatures: boolean;

  /** `principals` by access key id. */
  constructor(principals: ReadonlyMap<string, Principal>, verifiesSignatures = false) {
    this.#principals = principals;
    this.#verifiesSignatures = verifiesSignatures;
  }

  /** An access key id that nobody declared is the administrator's of its account. */
  principalOf({ accessKeyId, account, region }: Caller, http: HttpRequestInfo): Principal {
    const declared = this.#principals.get(accessKeyId);
    if (this.#verifiesSignatures) requireSignature(declared, http);
    return declared ?? this.#rootOf(account, region);
  }

  /** What authorizes the requests of an operation. */
  of(operation: Operation): Authorize {
    if (operation.name === 'RetireGrant') return (request) => this.#requireRetirement(request);
    const subjectsOf = subjectReader(operation);
    const checkLockout = lockoutCheck(operation);
    return (request) => {
      for (const subject of subjectsOf(request.input, request.context)) this.#require(subject, request);
      checkLockout?.(request, (subject, policy) => {
        return decide(request.context.store, questionOf(subject, request), subject, policy).refusal === undefined;
      });
    };
  }

  #require(subject: Subject, request: Request): void {
    const { principal, context } = request;
    const policy = subject.key && this.#policyOf(subject.key, context);
    if (isOpen(subject, principal, policy)) return;
    if (policy instanceof PolicyFault) {
      const ends = `because the key policy cannot be evaluated: ${policy.message}`;
      throw denied(principal, subject, { ends }, []);
    }
    const { refusal, unknownKeys } = decide(context.store, questionOf(subject, request), subject, policy);
    if (refusal !== undefined) throw denied(principal, subject, refusal, unknownKeys);
  }

  #requireRetirement(request: Request): void {
    const { input, context, principal } = request;
    requireRetirement(input, context, principal, (subject) =>
      decide(context.store, questionOf(subject, request), subject, undefined),
    );
  }

  #policyOf(key: Key, { store }: OperationContext): Policy | PolicyFault {
    const text = store.policies.find(key.seq);
    let policy = this.#policies.get(text);
    if (policy === undefined) {
      policy = policyOrFault(text);
      if (this.#policies.size >= mostCached) this.#policies.clear();
      this.#policies.set(text, policy);
    }
    return policy;
  }

  #rootOf(account: string, region: string): Principal {
    const place = `${account} ${region}`;
    let root = this.#roots.get(place);
    if (root === undefined) {
      root = rootOf(account, region);
      if (this.#roots.size >= mostCached) this.#roots.clear();
      this.#roots.set(place, root);
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

/** The common case, decided without a look at the statements: an administrator, and a policy that lets its account do all. */
function isOpen(
  { key, isAbsent }: Subject,
  { policies, account }: Principal,
  policy: Policy | PolicyFault | undefined,
): boolean {
  if (policies !== undefined || isAbsent) return false;
  if (key === undefined) return true;
  return key.account === account && !(policy instanceof PolicyFault) && policy?.opensTo.has(account) === true;
}

function questionOf(subject: Subject, { principal, context, http }: Request): Question {
  const facts = { subject, principal, http, nowMs: context.clock.now(), store: context.store };
  const { action, resource } = subject;
  return { principal, action, resource, valuesOf: (key) => valuesOf(facts, key) };
}
