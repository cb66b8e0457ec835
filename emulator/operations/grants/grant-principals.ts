import { findPartition } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';

/**
 * Matches the ARN of an account, user, role, federated user or role session. A group is not a principal. The ARN of a
 * role session contains the role's name without its path (recorded from AWS).
 */
const principalArn =
  /^arn:([a-z-]+):(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:(?:federated-user\/.+|assumed-role\/[^/]+\/[^/]+))$/;
const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Throws InvalidArnException unless the principal is an AWS service or has an ARN in the Region's partition. KMS
 * accepts a service as GranteePrincipal (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html).
 * Does not check whether the principal exists.
 */
export function checkGrantPrincipal(principal: string | undefined, region: string): void {
  if (principal === undefined || serviceName.test(principal)) return;
  if (principalArn.exec(principal)?.[1] !== findPartition(region)) {
    throw new KmsError('InvalidArnException', `ARN ${principal} is not the ARN of a principal.`);
  }
}

/** Throws ValidationException unless the principal is the name of an AWS service. */
export function checkServicePrincipal(principal: string | undefined): void {
  if (principal === undefined || serviceName.test(principal)) return;
  throw new KmsError('ValidationException', `${principal} is not an AWS service principal.`);
}
