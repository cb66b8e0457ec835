import * as z from 'zod/mini';
import { KmsError } from '../../core/kms-error.ts';
import { paginate } from '../../core/page.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import type { Tag } from '../../store/tag-table.ts';

/** The limits of GetResources (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html). */
const maxFilters = 50;
const maxValues = 20;
const maxResourceTypes = 100;
const maxResources = 100;
/** KMS allows 50 tags per key. */
const maxTags = 50;

const input = z.object({
  PaginationToken: z.optional(z.string()),
  TagFilters: z.optional(
    z
      .array(
        z.object({
          Key: z.string().check(z.minLength(1), z.maxLength(128)),
          Values: z.optional(z.array(z.string()).check(z.maxLength(maxValues))),
        }),
      )
      .check(z.maxLength(maxFilters)),
  ),
  ResourcesPerPage: z.optional(z.int().check(z.minimum(1), z.maximum(maxResources))),
  ResourceTypeFilters: z.optional(z.array(z.string()).check(z.maxLength(maxResourceTypes))),
});

/** Members that the emulator does not support. A request with one of them fails, so that no result is silently wrong. */
const unsupported = ['ExcludeCompliantResources', 'IncludeComplianceDetails', 'ResourceARNList', 'TagsPerPage'];

interface ResourceTagMapping {
  readonly ResourceARN: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

interface Output {
  /** Empty on the last page. */
  readonly PaginationToken: string;
  readonly ResourceTagMappingList: readonly ResourceTagMapping[];
}

/**
 * Returns the keys in the caller's account and Region that have all tags of the request. Unlike AWS, finds each key
 * immediately after its creation.
 */
export function getResources(json: unknown, context: OperationContext): Output {
  const { PaginationToken, TagFilters = [], ResourcesPerPage, ResourceTypeFilters } = readInput(json);
  const { store, account, region } = context;
  if (ResourceTypeFilters !== undefined && !ResourceTypeFilters.some(includesKeys)) return toOutput([], undefined);
  const filters = TagFilters.map(({ Key, Values = [] }) => ({ key: Key, values: Values }));
  const { items, NextMarker } = readPage(() =>
    paginate(
      `resources ${account} ${region} ${JSON.stringify(filters)}`,
      { Limit: ResourcesPerPage, Marker: PaginationToken || undefined },
      { defaultLimit: maxResources, maxLimit: maxResources },
      (after, count) => store.keys.listTagged(account, region, { filters, afterSeq: Number(after ?? 0), count }),
      ({ seq }) => String(seq),
    ),
  );
  const mappings = items.map(({ seq, arn }) => ({
    ResourceARN: arn,
    Tags: store.tags.listPage(seq, '', maxTags).map(toTag),
  }));
  return toOutput(mappings, NextMarker);
}

function readInput(json: unknown): z.output<typeof input> {
  const parsed = z.safeParse(input, json);
  if (parsed.success) {
    const member = unsupported.find((name) => name in (json as object));
    if (member === undefined) return parsed.data;
    throw new KmsError('InvalidParameterException', `The emulator does not support ${member}.`);
  }
  const path = parsed.error.issues[0]?.path.join('.') || 'The request';
  throw new KmsError('InvalidParameterException', `${path} is not valid.`);
}

/** Reports an invalid marker in the same way as this API. */
function readPage<Page>(read: () => Page): Page {
  try {
    return read();
  } catch (error) {
    if (error instanceof KmsError && error.code === 'InvalidMarkerException')
      throw new KmsError('PaginationTokenExpiredException', 'The PaginationToken is not valid.');
    throw error;
  }
}

/** Returns `true` for a filter such as `kms` or `kms:key`. */
function includesKeys(filter: string): boolean {
  return filter === 'kms' || filter === 'kms:key';
}

function toTag({ TagKey, TagValue }: Tag) {
  return { Key: TagKey, Value: TagValue };
}

function toOutput(ResourceTagMappingList: Output['ResourceTagMappingList'], token: string | undefined): Output {
  return { PaginationToken: token ?? '', ResourceTagMappingList };
}
