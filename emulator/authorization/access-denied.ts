import { KmsError } from '../core/kms-error.ts';
import { createCiphertextKeyNotFound } from '../core/not-found.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import type { Principal } from './principal.ts';

export type PolicyType =
  | 'service control policy'
  | 'resource control policy'
  | 'resource-based policy'
  | 'identity-based policy'
  | 'permissions boundary'
  | 'session policy';

/** The reason for denying a request. */
export type Denial =
  /** A policy of this type denies the request. */
  | { readonly deniedBy: PolicyType }
  /** No policy of this type allows the request. */
  | { readonly notAllowedBy: PolicyType }
  /** Any other reason, as the end of the message. */
  | { readonly reason: string }
  /** The key is in another account. The message does not reveal the reason, or whether the key exists. */
  | { readonly hidden: string };

const hiddenResource =
  'on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

/**
 * Creates an AccessDeniedException with the same message as AWS
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). The messages for a key in another
 * account do not contain its ARN (https://github.com/kubernetes-sigs/aws-encryption-provider/pull/141,
 * https://github.com/radkawar/stackd/blob/main/testdata/aws/kms/grants.json).
 */
export function createAccessDenied(
  principal: Principal,
  target: AuthorizationTarget,
  denial: Denial,
  unknownKeys: readonly string[],
): KmsError {
  const summary = summarizeDenial(target, denial);
  if ('hidden' in denial && target.isFromCiphertext) return createCiphertextKeyNotFound(summary);
  const start = `User: ${principal.arn} is not authorized to perform: ${target.action}`;
  if ('hidden' in denial) return new KmsError('AccessDeniedException', `${start} ${hiddenResource}`, summary);
  const isForeign = target.account !== principal.account;
  const resource = target.isNewKey ? '' : isForeign ? ' on this resource' : ` on resource: ${target.resource}`;
  const note = unknownKeys.length === 0 ? '' : ` (the emulator does not support the condition key ${unknownKeys[0]})`;
  const message = `${start}${resource} ${formatReason(target, denial)}${note}`;
  return new KmsError('AccessDeniedException', message, summary);
}

/** Summarizes a denial for logs and explanations. Unlike the message, the summary contains the reason in every case. */
export function summarizeDenial(target: AuthorizationTarget, denial: Denial): string {
  return `${target.action} on ${target.resource}: ${formatReason(target, denial)}`;
}

function formatReason({ action }: AuthorizationTarget, denial: Denial): string {
  if ('reason' in denial) return denial.reason;
  if ('hidden' in denial) return `because ${denial.hidden}`;
  if ('notAllowedBy' in denial) return `because no ${denial.notAllowedBy} allows the ${action} action`;
  const article = denial.deniedBy.startsWith('i') ? 'an' : 'a';
  return `with an explicit deny in ${article} ${denial.deniedBy}`;
}
