import { KmsError } from '../core/kms-error.ts';
import { createCiphertextKeyNotFound } from '../core/not-found.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import type { Principal } from './principal.ts';

export type PolicyType = 'identity-based policy' | 'resource-based policy' | 'permissions boundary';

/** The reason for denying a request. */
export type Denial =
  /** A policy of this type denies the request. */
  | { readonly deniedBy: PolicyType }
  /** No policy of this type allows the request. */
  | { readonly notAllowedBy: PolicyType }
  /** Any other reason, as the end of the message. */
  | { readonly reason: string }
  /** The key is in another account. The message does not reveal whether the key exists. */
  | 'hidden';

const hiddenResource =
  'on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

/**
 * Creates an AccessDeniedException with the same message as AWS
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). The message for a key in another
 * account comes from a user report (https://github.com/kubernetes-sigs/aws-encryption-provider/pull/141).
 */
export function createAccessDenied(
  principal: Principal,
  target: AuthorizationTarget,
  denial: Denial,
  unknownKeys: readonly string[],
): KmsError {
  if (denial === 'hidden' && target.isFromCiphertext) return createCiphertextKeyNotFound();
  const start = `User: ${principal.arn} is not authorized to perform: ${target.action}`;
  if (denial === 'hidden') return new KmsError('AccessDeniedException', `${start} ${hiddenResource}`);
  const resource = target.isNewKey ? '' : ` on resource: ${target.resource}`;
  const note = unknownKeys.length === 0 ? '' : ` (the emulator does not support the condition key ${unknownKeys[0]})`;
  return new KmsError('AccessDeniedException', `${start}${resource} ${formatReason(target, denial)}${note}`);
}

function formatReason({ action }: AuthorizationTarget, denial: Exclude<Denial, 'hidden'>): string {
  if ('reason' in denial) return denial.reason;
  if ('notAllowedBy' in denial) return `because no ${denial.notAllowedBy} allows the ${action} action`;
  const article = denial.deniedBy.startsWith('i') ? 'an' : 'a';
  return `with an explicit deny in ${article} ${denial.deniedBy}`;
}
