import { knownPartitionOf } from './aws-regions.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html; a Region that is none of AWS's is in `aws`. */
export function partitionOf(region: string): string {
  return knownPartitionOf(region) ?? 'aws';
}

export function kmsArn(region: string, account: string, resource: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${resource}`;
}
