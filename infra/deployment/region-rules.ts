import { partition } from '@aws-sdk/core/client';
import { parseArn } from '../../shared/declaration/arn.ts';
import type { Parameters } from '../parameters/table.ts';

/** The parameters whose resource must be in the service's Region. AWS rejects other Regions only during a deployment. */
const regionalArns = ['alarmTopicArn', 'certificateArn', 'logKmsKeyArn'] as const;

/**
 * Matches the host names of KMS endpoints, such as `kms.REGION.amazonaws.com` and `vpce-ID.kms.REGION.vpce.amazonaws.com`
 * (https://docs.aws.amazon.com/general/latest/gr/kms.html).
 */
const kmsHost = /(?:^|\.)kms(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/;

/** Lists the values that name a resource outside `region`, and the Regions that `regions` must not contain. */
export function listRegionProblems(parameters: Parameters, region: string): string[] {
  return [
    ...regionalArns.flatMap((name) => describeForeignArn(name, parameters[name], region)),
    ...describeForeignEndpoint(parameters.endpoint, region),
    ...describeRedundantRegions(parameters.regions ?? [], region),
    ...describeUnknownRegions(parameters.regions ?? []),
  ];
}

function describeForeignArn(name: string, arn: string | undefined, region: string): string[] {
  if (arn === undefined) return [];
  const parsed = parseArn(arn);
  if (parsed?.region === region && parsed.partition === findPartition(region)) return [];
  return [`\`${name}\` must be in ${region} (${findPartition(region)}), the service's Region, but \`${arn}\` is not.`];
}

/** Returns the partition of a Region (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html). */
export function findPartition(region: string): string {
  return partition(region).name;
}

function describeForeignEndpoint(endpoint: string | undefined, region: string): string[] {
  const [, endpointRegion] = kmsHost.exec(endpoint === undefined ? '' : new URL(endpoint).hostname) ?? [];
  if (endpointRegion === undefined || endpointRegion === region) return [];
  return [`\`endpoint\` must be in ${region}, the service's Region, but its host name contains ${endpointRegion}.`];
}

function describeRedundantRegions(regions: readonly string[], region: string): string[] {
  const repeated = [...new Set(regions.filter((name, index) => regions.indexOf(name) !== index))];
  return [
    ...repeated.map((name) => `\`regions\` contains ${name} more than once. Remove the duplicate.`),
    ...(regions.includes(region)
      ? [`\`regions\` must not contain ${region}, the service's Region, which is always allowed. Remove ${region}.`]
      : []),
  ];
}

function describeUnknownRegions(regions: readonly string[]): string[] {
  return regions
    .filter((name) => !isRegion(name))
    .map(
      (name) => `\`regions\` contains ${name}, which is not an AWS Region. Correct it, or update \`@aws-sdk/core\`.`,
    );
}

/** Returns `true` for the Regions that the SDK knows. For any other name, the SDK returns no description. */
function isRegion(name: string): boolean {
  return 'description' in partition(name);
}
