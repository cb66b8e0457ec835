import type { AwsOperationName, KmsOperation } from '../../functions/all-operations.ts';
import { formatKmsArn } from '../core/arn.ts';
import { KmsError } from '../core/kms-error.ts';
import { readNewKeyPolicy } from '../policy-language/key-policy-rules.ts';
import type { Policy } from '../policy-language/policy-document.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import { createTargetFinder } from './find-targets.ts';
import type { KmsCall } from './kms-call.ts';

/** The operations that set a key policy. */
const policySetters: ReadonlySet<AwsOperationName> = new Set(['CreateKey', 'PutKeyPolicy', 'ReplicateKey']);

type LockoutCheck = (call: KmsCall, allows: (target: AuthorizationTarget, policy: Policy) => boolean) => void;

/**
 * Creates the policy lockout safety check for an operation that sets a key policy. Returns `undefined` for other
 * operations. The new key policy must allow the caller to change the policy again, unless the request bypasses the
 * check
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-BypassPolicyLockoutSafetyCheck).
 * The operation itself rejects a malformed policy.
 */
export function createLockoutCheck(operation: KmsOperation): LockoutCheck | undefined {
  if (!policySetters.has(operation.name)) return undefined;
  const findTargets = operation.name === 'PutKeyPolicy' ? createTargetFinder(operation) : undefined;
  return ({ input, context }, allows) => {
    if (typeof input.Policy !== 'string' || input.BypassPolicyLockoutSafetyCheck === true) return;
    const { account } = context;
    const region = typeof input.ReplicaRegion === 'string' ? input.ReplicaRegion : context.region;
    const policy = readNewKeyPolicy(input.Policy, region);
    if (policy instanceof Error) return;
    const newKey = {
      operation: operation.name,
      crossAccount: operation.crossAccount,
      region,
      account,
      input,
      resource: formatKmsArn(region, account, 'key/*'),
      isNewKey: true,
    };
    const [target = newKey] = findTargets?.(input, context) ?? [];
    if (allows({ ...target, action: 'kms:PutKeyPolicy' }, policy)) return;
    throw new KmsError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    );
  };
}
