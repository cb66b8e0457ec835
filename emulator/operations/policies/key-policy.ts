import { findPartition } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';
import { readNewKeyPolicy } from '../../policy-language/key-policy-rules.ts';
import { PolicyError } from '../../policy-language/policy-error.ts';

/** The only policy name that KMS supports. */
export const policyName = 'default';
/** The maximum size of a key policy (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html). */
const maxPolicyBytes = 32_768;

/**
 * Builds the default key policy for a new key, formatted as in AWS KMS
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
 */
export function buildDefaultPolicy(account: string, region: string): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:${findPartition(region)}:iam::${account}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}

/**
 * Throws LimitExceededException if the key policy is too long, and MalformedPolicyDocumentException if KMS rejects it in
 * this Region.
 */
export function checkKeyPolicy(text: string, region: string): void {
  if (Buffer.byteLength(text) > maxPolicyBytes) {
    throw new KmsError('LimitExceededException', `Key policy exceeds the limit of ${maxPolicyBytes} bytes`);
  }
  const policy = readNewKeyPolicy(text, region);
  if (policy instanceof PolicyError) throw new KmsError('MalformedPolicyDocumentException', policy.message);
}

/** Throws NotFoundException if the request contains any other policy name. */
export function requirePolicyName(name: string | undefined): void {
  if (name !== undefined && name !== policyName) throw new KmsError('NotFoundException', 'No such policy exists');
}
