import type { Store } from '../store/store.ts';
import type { Subject } from './authorization-target.ts';
import type { Refusal } from './denial-message.ts';
import { evaluate, type Question, type Verdict } from './evaluate.ts';
import { type GrantReach, reachingGrants } from './matching-grants.ts';
import type { Policy } from './policy-document.ts';
import type { Principal } from './principal.ts';

/** What a caller's own policies say. */
interface IdentityVerdict {
  readonly refusal: Refusal | undefined;
  readonly allows: boolean;
  /** Whether a permissions boundary, where there is one, lets it. */
  readonly isBounded: boolean;
}

export interface Decision {
  /** Undefined: allowed. */
  readonly refusal: Refusal | undefined;
  readonly unknownKeys: readonly string[];
}

/** Operations that can be called on a key of another account, as the API reference says of each. */
export const acrossAccounts = new Set([
  'CreateGrant',
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetKeyRotationStatus',
  'GetPublicKey',
  'ListGrants',
  'ReEncrypt',
  'RetireGrant',
  'RevokeGrant',
  'Sign',
  'Verify',
  'VerifyMac',
]);

/**
 * Whether a caller may do what a subject says, by key policy, identity policies, permissions boundary and grants
 * (https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html): a deny anywhere ends it; in one account
 * the key policy allows by itself, or leaves it to identity policies, or a grant allows; between accounts both must agree.
 */
export function decide(store: Store, question: Question, subject: Subject, keyPolicy: Policy | undefined): Decision {
  const { principal } = question;
  const unknownKeys: string[] = [];
  const ask = (policy: Policy): Verdict => {
    const verdict = evaluate(policy, question);
    unknownKeys.push(...verdict.unknownKeys);
    return verdict;
  };
  const ofKey = keyPolicy === undefined ? undefined : ask(keyPolicy);
  const identity = identityVerdict(principal, ask);
  const refusalOf = (): Refusal | undefined => {
    if (subject.isAbsent) return 'hidden';
    if (ofKey === undefined) return refusalOfIdentity(identity);
    const { key } = subject;
    const isForeign = subject.account !== principal.account;
    if (isForeign && !acrossAccounts.has(subject.operation)) return 'hidden';
    if (ofKey.denies) return isForeign ? 'hidden' : { denies: 'resource-based policy' };
    if (identity.refusal !== undefined) return identity.refusal;
    const grants = () => (key === undefined ? [] : reachingGrants(store, principal, key, subject));
    return isForeign ? betweenAccounts(ofKey, identity, grants) : withinAccount(ofKey, identity, grants);
  };
  return { refusal: refusalOf(), unknownKeys };
}

function identityVerdict({ policies, boundary }: Principal, ask: (policy: Policy) => Verdict): IdentityVerdict {
  if (policies === undefined) return { refusal: undefined, allows: true, isBounded: true };
  const verdicts = policies.map(ask);
  const ofBoundary = boundary === undefined ? undefined : ask(boundary);
  const allows = verdicts.some((verdict) => verdict.allows.size > 0);
  const isBounded = ofBoundary === undefined || ofBoundary.allows.size > 0;
  if (verdicts.some(({ denies }) => denies)) return { refusal: { denies: 'identity-based policy' }, allows, isBounded };
  if (ofBoundary?.denies) return { refusal: { denies: 'permissions boundary' }, allows, isBounded };
  return { refusal: undefined, allows, isBounded };
}

function refusalOfIdentity({ refusal, allows, isBounded }: IdentityVerdict): Refusal | undefined {
  if (refusal !== undefined) return refusal;
  if (!allows) return { allowsNot: 'identity-based policy' };
  return isBounded ? undefined : { allowsNot: 'permissions boundary' };
}

/**
 * A boundary limits what is given to a role, and not what is given to a user or a session by name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
 */
function withinAccount(
  { allows }: Verdict,
  identity: IdentityVerdict,
  grants: () => GrantReach[],
): Refusal | undefined {
  if (allows.has('itself') || (allows.has('role') && identity.isBounded)) return undefined;
  const byIdentity = refusalOfIdentity(identity);
  if (allows.has('account') && byIdentity === undefined) return undefined;
  if (grants().some(({ isDirect }) => isDirect || byIdentity === undefined)) return undefined;
  if (allows.has('account')) return byIdentity;
  return allows.has('role') ? { allowsNot: 'permissions boundary' } : { allowsNot: 'resource-based policy' };
}

/**
 * The key's account must let the caller or its account in; and the caller's account the principal, by identity policies or by
 * a grant that it made itself (the "key trust" of the page above).
 */
function betweenAccounts(
  { allows }: Verdict,
  identity: IdentityVerdict,
  grants: () => GrantReach[],
): Refusal | undefined {
  const byIdentity = refusalOfIdentity(identity);
  if (allows.size > 0 && byIdentity === undefined) return undefined;
  const granted = grants();
  if (granted.some(({ isDirect, isOfOwnAccount }) => byIdentity === undefined || (isDirect && isOfOwnAccount))) {
    return undefined;
  }
  return allows.size > 0 || granted.length > 0 ? byIdentity : 'hidden';
}
