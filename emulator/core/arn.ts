import { parseArn } from '../../shared/declaration/arn.ts';
import { findKnownPartition } from './aws-regions.ts';

/**
 * Returns a Region's partition, or `aws` if the Region is unknown
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
 */
export function findPartition(region: string): string {
  return findKnownPartition(region) ?? 'aws';
}

export function formatKmsArn(region: string, account: string, resource: string): string {
  return `arn:${findPartition(region)}:kms:${region}:${account}:${resource}`;
}

/** The parts of a KMS ARN that follow the service. */
export interface KmsArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The resource, such as `key/1234abcd-…` or `alias/NAME`. */
  readonly resource: string;
}

/** Parses a KMS ARN. Returns `undefined` if the text is not a KMS ARN. */
export function parseKmsArn(text: string): KmsArn | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'kms') return undefined;
  const { partition, region, accountId: account, resource } = arn;
  return /^[a-z-]+$/.test(partition) && /^[a-z0-9-]*$/.test(region) && /^\d*$/.test(account)
    ? { partition, region, account, resource }
    : undefined;
}
