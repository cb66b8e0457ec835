import { PolicyError, tryReadPolicy } from '../../authorization/policy-document.ts';
import { findPartition } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';

/** The only policy that a key has. */
export const policyName = 'default';
/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const maxPolicyBytes = 32_768;

/** What CreateKey gives a key when told nothing (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). */
export function defaultPolicy(account: string, region: string): string {
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

/** Throws LimitExceededException or MalformedPolicyDocumentException. */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > maxPolicyBytes) {
    throw new KmsError('LimitExceededException', `Key policy exceeds the limit of ${maxPolicyBytes} bytes`);
  }
  const policy = tryReadPolicy(text);
  if (policy instanceof PolicyError) throw new KmsError('MalformedPolicyDocumentException', policy.message);
}

/** Throws NotFoundException: a key has no policy of another name. */
export function requirePolicyName(name: string | undefined): void {
  if (name !== undefined && name !== policyName) throw new KmsError('NotFoundException', `No such policy exists`);
}
