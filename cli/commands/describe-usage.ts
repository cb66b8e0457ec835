import type { OutputFor } from '../../client/operation-types.ts';
import { isPendingDeletion } from '../../shared/declaration/key-states.ts';
import { formatPairs } from '../output/text-table.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { toJsonResponse } from './json-response.ts';
import { resolveKeyId } from './resolve-key-id.ts';

type Usage = OutputFor<'describeKeyUsage'>;
type RegionUsage = Usage['Regions'][number];

export async function describeUsage(invocation: Invocation): Promise<void> {
  const client = await invocation.connect();
  const KeyId = await resolveKeyId(client, invocation.args[0] ?? '');
  const usage = await client.describeKeyUsage({ KeyId });
  if (invocation.flags.json) return writeJson(await toJsonResponse('DescribeKeyUsage', usage), invocation);
  const parts = [...usage.Regions.map(formatRegion), formatPairs([['Deletion', formatDeletion(usage)]])];
  await writeLine(invocation.terminal.stdout, parts.join('\n\n'));
}

/** Describes what the service would answer to a request to delete the key. */
function formatDeletion({ DeletionGuard: { Days, Refusals }, Regions }: Usage): string {
  if (isPendingDeletion(Regions[0]?.KeyState)) return 'already scheduled';
  if (Days === 0) return 'not checked by this deployment';
  if (Refusals.length === 0) return 'accepted';
  return `rejected without --ignore-use, because the key ${Refusals.join('; it ')}`;
}

function formatRegion(region: RegionUsage): string {
  const { Aliases, AliasesTruncated, Grants, GrantsTruncated, Errors } = region;
  return formatPairs([
    ['Region', region.Region],
    ['KeyId', region.KeyId],
    ...(region.KeyState === undefined ? [] : [['KeyState', region.KeyState] as const]),
    ['LastUse', formatLastUse(region.LastUse)],
    ...formatIds(region.LastUse),
    ['Aliases', formatList(Aliases, AliasesTruncated)],
    ['Grants', formatList(Grants?.map(formatGrant), GrantsTruncated)],
    ...Errors.map(({ Operation, Code, Detail }) => ['Error', `${Operation}: ${Code}: ${Detail}`] as const),
  ]);
}

function formatLastUse({ Status, Operation, Timestamp, TrackingStartDate }: RegionUsage['LastUse']): string {
  if (Status === 'USED') return `${Operation} at ${Timestamp?.toISOString()}`;
  if (Status === 'UNKNOWN') return 'unknown';
  return `none since ${TrackingStartDate?.toISOString() ?? 'the creation'}`;
}

/** The ids of the last use, with which the audit trail or CloudTrail shows its caller. */
function formatIds({ KmsRequestId, CloudTrailEventId }: RegionUsage['LastUse']) {
  return Object.entries({ KmsRequestId, CloudTrailEventId }).flatMap(([name, id]) =>
    id === undefined ? [] : [[name, id] as const],
  );
}

function formatGrant({ GrantId, Operations }: NonNullable<RegionUsage['Grants']>[number]): string {
  return `${GrantId} (${Operations.join(', ')})`;
}

/** A list is absent if the service could not read it. */
function formatList(items: readonly string[] | undefined, isTruncated: boolean | undefined): string {
  if (items === undefined) return 'unknown';
  return [...(items.length === 0 ? ['none'] : items), ...(isTruncated ? ['and more'] : [])].join(', ');
}
