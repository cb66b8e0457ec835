import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Call } from '../call/call.ts';
import type { IdempotencySettings } from '../config/idempotency-settings.ts';
import { idempotencyTagKey, requestTagKey, serviceTagKey } from '../config/resource-names.ts';
import { toJson } from '../kms/json.ts';
import { lookUp } from '../kms/send.ts';
import { getTaggingClient, limitByDeadline } from './aws-clients.ts';

/**
 * Returns the ARN of the key that an attempt created. Searches for the request tag, too, because an attempt that has
 * expired can have created another key with the same idempotency tag. The index of tags lags behind
 * (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html), so a new key can be
 * missing.
 */
export async function findCreatedKey(
  call: Call,
  { taggingEndpoint }: IdempotencySettings,
  { hash, requestId }: { readonly hash: string; readonly requestId: string },
): Promise<string | undefined> {
  const { regions, serviceTag } = call.config;
  const client = getTaggingClient(regions[0], taggingEndpoint);
  const TagFilters = [
    { Key: idempotencyTagKey, Values: [hash] },
    { Key: requestTagKey, Values: [requestId] },
    ...(serviceTag === undefined ? [] : [{ Key: serviceTagKey, Values: [serviceTag] }]),
  ];
  let PaginationToken: string | undefined;
  do {
    const command = new GetResourcesCommand({ TagFilters, ResourceTypeFilters: ['kms:key'], PaginationToken });
    const page = await client.send(command, limitByDeadline(call) as object);
    const [found] = page.ResourceTagMappingList ?? [];
    if (found?.ResourceARN !== undefined) return found.ResourceARN;
    // A page can be empty although more pages follow.
    PaginationToken = page.PaginationToken || undefined;
  } while (PaginationToken !== undefined);
  return undefined;
}

/** Returns the metadata of a key in the form of CreateKey's response. */
export async function describeCreatedKey(call: Call, arn: string): Promise<unknown> {
  const { KeyMetadata } = await lookUp(call, call.config.regions[0], new DescribeKeyCommand({ KeyId: arn }));
  return toJson({ KeyMetadata });
}
