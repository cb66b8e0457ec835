import type { GrantListEntry, KeyMetadata } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { awaitAll } from '../../../shared/handler/await-all.ts';
import { toJson } from '../../../shared/kms/json.ts';
import { readAliases, readGrants, readTags } from './dependents.ts';
import { findRefusal } from './judge-use.ts';
import { type LastUse, readLastUse } from './last-use.ts';
import { authorizeKey, type KeyInRegion, listRelatedKeys, readMetadata } from './related-keys.ts';

/** A request to KMS that failed. The other parts of the response are complete. */
interface ReadError {
  readonly Operation: string;
  readonly Code: ErrorCode;
  readonly Detail: string;
}

/**
 * Reports what KMS knows about a key and its related multi-Region keys. Fails only if the key itself cannot be described.
 * The response contains all other errors.
 */
export async function describeUsage(call: Call): Promise<unknown> {
  const metadata = await readMetadata(call, await authorizeKey(call, String(call.input.KeyId)));
  const keys = listRelatedKeys(metadata, call);
  const regions = await awaitAll(
    keys.map((key, index) => describeInRegion(call, key, index === 0 ? metadata : undefined)),
  );
  const { deletionGuardDays: Days } = call.config;
  const nowMs = Date.now();
  const refusals = keys.flatMap((key, index) => {
    const { LastUse, Errors } = regions[index] as RegionUsage;
    const error = Errors.find(({ Operation }) => Operation === 'GetKeyLastUsage')?.Code;
    return findRefusal({ ...key, lastUse: error === undefined ? LastUse : undefined, error }, Days, nowMs) ?? [];
  });
  return toJson({
    KeyId: metadata.Arn,
    LastUse: summarize(regions),
    DeletionGuard: { Days, Refusals: Days === 0 ? [] : refusals },
    Regions: regions,
    Complete: regions.every((region) => isComplete(region)),
  });
}

interface RegionUsage {
  readonly Region: string;
  readonly KeyId: string;
  readonly LastUse: LastUse;
  readonly Errors: readonly ReadError[];
  readonly AliasesTruncated?: boolean | undefined;
  readonly GrantsTruncated?: boolean | undefined;
  readonly TagsTruncated?: boolean | undefined;
}

async function describeInRegion(call: Call, key: KeyInRegion, known: KeyMetadata | undefined): Promise<RegionUsage> {
  const { arn, region, isReachable } = key;
  const unknown = { Status: 'UNKNOWN' } as const;
  if (!isReachable) {
    const Detail = 'This service does not use keys in this Region. Add the Region to the parameter `regions`.';
    const error: ReadError = { Operation: 'GetKeyLastUsage', Code: 'ValidationException', Detail };
    return { Region: region, KeyId: arn, LastUse: unknown, Errors: [error] };
  }
  const errors: ReadError[] = [];
  if (known === undefined) {
    await unlessFailed('GetKeyLastUsage', authorizeKey(call, arn), errors);
    if (errors.length > 0) return { Region: region, KeyId: arn, LastUse: unknown, Errors: errors };
  }
  const read = <Result>(operation: string, work: Promise<Result>) => unlessFailed(operation, work, errors);
  const [metadata, lastUse, aliases, grants, tags] = await awaitAll([
    known ? Promise.resolve(known) : read('DescribeKey', readMetadata(call, arn)),
    read('GetKeyLastUsage', readLastUse(call, arn)),
    read('ListAliases', readAliases(call, arn)),
    read('ListGrants', readGrants(call, arn)),
    read('ListResourceTags', readTags(call, arn)),
  ]);
  return {
    Region: region,
    KeyId: arn,
    ...(metadata && {
      KeyState: metadata.KeyState,
      CreationDate: metadata.CreationDate,
      DeletionDate: metadata.DeletionDate,
    }),
    LastUse: lastUse ?? unknown,
    ...(aliases && { Aliases: aliases.items, AliasesTruncated: aliases.isTruncated }),
    ...(grants && { Grants: grants.items.map(describeGrant), GrantsTruncated: grants.isTruncated }),
    ...(tags && { Tags: tags.items, TagsTruncated: tags.isTruncated }),
    Errors: errors,
  };
}

/** Omits the constraints, whose size would make the size of the response unpredictable. */
function describeGrant({ GrantId, Name, GranteePrincipal, Operations, CreationDate }: GrantListEntry): GrantListEntry {
  return { GrantId, Name, GranteePrincipal, Operations, CreationDate };
}

/** Returns the result, or `undefined` if the request failed. Adds the error to `errors`. */
async function unlessFailed<Result>(
  Operation: string,
  work: Promise<Result>,
  errors: ReadError[],
): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof KmsFunctionsError)) throw error;
    errors.push({ Operation, Code: error.code, Detail: error.message });
    return undefined;
  }
}

/** Returns the latest use in any Region. If there is none, one unknown Region makes the result unknown. */
function summarize(
  regions: readonly RegionUsage[],
): Pick<LastUse, 'Status' | 'Operation' | 'Timestamp'> & { readonly Region?: string } {
  const [latest] = regions
    .filter(({ LastUse }) => LastUse.Status === 'USED')
    .toSorted((a, b) => Number(b.LastUse.Timestamp) - Number(a.LastUse.Timestamp));
  if (latest !== undefined) {
    const { Status, Operation, Timestamp } = latest.LastUse;
    return { Status, Operation, Timestamp, Region: latest.Region };
  }
  return { Status: regions.some(({ LastUse }) => LastUse.Status === 'UNKNOWN') ? 'UNKNOWN' : 'NOT_USED' };
}

function isComplete({ Errors, AliasesTruncated, GrantsTruncated, TagsTruncated }: RegionUsage): boolean {
  return Errors.length === 0 && !AliasesTruncated && !GrantsTruncated && !TagsTruncated;
}
