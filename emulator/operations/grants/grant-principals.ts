import { findPartition } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';

/** Accounts, users, roles, federated users and sessions of roles; a group is no principal. */
const principalArn =
  /^arn:([a-z-]+):(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:(?:federated-user\/.+|assumed-role\/[^/]+\/.+))$/;
const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * The form of a grant's principal: an ARN of the Region's partition, or an AWS service, which KMS takes there too
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html, GranteePrincipal). IAM is not asked
 * whether it exists.
 */
export function checkGrantPrincipal(principal: string | undefined, region: string): void {
  if (principal === undefined || serviceName.test(principal)) return;
  if (principalArn.exec(principal)?.[1] !== findPartition(region)) {
    throw new KmsError('InvalidArnException', `ARN ${principal} is not the ARN of a principal.`);
  }
}

export function checkServicePrincipal(principal: string | undefined): void {
  if (principal === undefined || serviceName.test(principal)) return;
  throw new KmsError('ValidationException', `${principal} is not an AWS service principal.`);
}
