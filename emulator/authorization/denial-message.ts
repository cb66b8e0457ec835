import { KmsError } from '../core/kms-error.ts';
import type { Subject } from './authorization-target.ts';
import type { Principal } from './principal.ts';

export type PolicyType = 'identity-based policy' | 'resource-based policy' | 'permissions boundary';

/** Why a request is refused. */
export type Refusal =
  | { readonly denies: PolicyType }
  | { readonly allowsNot: PolicyType }
  | { readonly ends: string }
  /** Of a key of another account, of which no more is told. */
  | 'hidden';

/** From a ciphertext alone: whether its key is there is not told. */
const unknownCiphertext =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.';

const hiddenResource =
  'on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

/**
 * AWS's wording (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html); that of a key of another
 * account as its users report it (https://github.com/kubernetes-sigs/aws-encryption-provider/pull/141).
 */
export function denied(
  principal: Principal,
  subject: Subject,
  refusal: Refusal,
  unknownKeys: readonly string[],
): KmsError {
  if (refusal === 'hidden' && subject.isFromCiphertext) return new KmsError('AccessDeniedException', unknownCiphertext);
  const start = `User: ${principal.arn} is not authorized to perform: ${subject.action}`;
  if (refusal === 'hidden') return new KmsError('AccessDeniedException', `${start} ${hiddenResource}`);
  const place = subject.isToBe ? '' : ` on resource: ${subject.resource}`;
  const note = unknownKeys.length === 0 ? '' : ` (the emulator does not know the condition key ${unknownKeys[0]})`;
  return new KmsError('AccessDeniedException', `${start}${place} ${reasonOf(subject, refusal)}${note}`);
}

function reasonOf({ action }: Subject, refusal: Exclude<Refusal, 'hidden'>): string {
  if ('ends' in refusal) return refusal.ends;
  if ('allowsNot' in refusal) return `because no ${refusal.allowsNot} allows the ${action} action`;
  const article = refusal.denies.startsWith('i') ? 'an' : 'a';
  return `with an explicit deny in ${article} ${refusal.denies}`;
}
