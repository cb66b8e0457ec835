import { findPartition } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';

/** Matches accounts, users, roles, federated users and role sessions. A group is not a principal. */
const principalArn =
  /^arn:([a-z-]+):(?:iam::\d{12}:(?:root|user\/.+|role\/.+)|sts::\d{12}:(?:federated-user\/.+|assumed-role\/[^/]+\/.+))$/;
const serviceName = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Throws InvalidArnException unless a principal is an AWS service or an ARN in the Region's partition. KMS also accepts a
 * service (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html, GranteePrincipal). Does not check
 * whether the principal exists.
 */
export function checkGrantPrincipal(principal: string | undefined, region: string): void {
  if (principal === undefined || serviceName.test(principal)) return;
  if (principalArn.exec(principal)?.[1] !== findPartition(region)) {
    throw new KmsError('InvalidArnException', `ARN ${principal} is not the ARN of a principal.`);
  }
}

/** Throws ValidationException unless a principal is the name of an AWS service. */
export function checkServicePrincipal(principal: string | undefined): void {
  if (principal === undefined || serviceName.test(principal)) return;
  throw new KmsError('ValidationException', `${principal} is not an AWS service principal.`);
}
