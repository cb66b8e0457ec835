import type { Operation } from '../../shared/declaration/operation.ts';
import { kmsArn } from '../core/arn.ts';
import { KmsError } from '../core/kms-error.ts';
import type { Subject } from './authorization-target.ts';
import type { Request } from './authorizer.ts';
import { subjectReader } from './find-targets.ts';
import { type Policy, policyOrFault } from './policy-document.ts';

/** Operations that set a policy, and where the key that they set it on is to be. */
const setters = new Set(['CreateKey', 'PutKeyPolicy', 'ReplicateKey']);

/**
 * A key policy must let who sets it set the next one, or say that it need not
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-BypassPolicyLockoutSafetyCheck).
 * A policy that is none is told of by the action.
 */
export function lockoutCheck(
  operation: Operation,
): ((request: Request, allows: (subject: Subject, policy: Policy) => boolean) => void) | undefined {
  if (!setters.has(operation.name)) return undefined;
  const keysOf = operation.name === 'PutKeyPolicy' ? subjectReader(operation) : undefined;
  return ({ input, context }, allows) => {
    if (typeof input.Policy !== 'string' || input.BypassPolicyLockoutSafetyCheck === true) return;
    const policy = policyOrFault(input.Policy);
    if (policy instanceof Error) return;
    const { account } = context;
    const region = typeof input.ReplicaRegion === 'string' ? input.ReplicaRegion : context.region;
    const toBe = { operation: operation.name, region, account, input, resource: kmsArn(region, account, 'key/*') };
    const [key = toBe] = keysOf?.(input, context) ?? [];
    if (allows({ ...key, action: 'kms:PutKeyPolicy' }, policy)) return;
    throw new KmsError(
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    );
  };
}
