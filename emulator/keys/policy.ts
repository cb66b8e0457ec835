import { KmsError } from '../protocol/kms-error.ts';
import { partitionOf } from './arn.ts';

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
      "AWS" : "arn:${partitionOf(region)}:iam::${account}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}

/** Checks a policy's form: JSON, with statements that have an effect, a principal, actions and resources. */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > maxPolicyBytes) {
    throw new KmsError('LimitExceededException', `Key policy exceeds the limit of ${maxPolicyBytes} bytes`);
  }
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw new KmsError('MalformedPolicyDocumentException', 'Policy contains invalid JSON');
  }
  const statements = isRecord(policy) ? [policy.Statement].flat() : [];
  if (statements.length === 0 || !statements.every(isStatement)) {
    throw new KmsError('MalformedPolicyDocumentException', 'Policy contains a statement that is not valid');
  }
}

function isStatement(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const isAllowOrDeny = value.Effect === 'Allow' || value.Effect === 'Deny';
  const has = (...names: string[]) => names.some((name) => value[name] !== undefined);
  return (
    isAllowOrDeny && has('Principal', 'NotPrincipal') && has('Action', 'NotAction') && has('Resource', 'NotResource')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws NotFoundException: a key has no policy of another name. */
export function requirePolicyName(name: string | undefined): void {
  if (name !== undefined && name !== policyName) throw new KmsError('NotFoundException', `No such policy exists`);
}
