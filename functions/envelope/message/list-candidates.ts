import { type EncryptedDataKey, kmsProviderId } from '../../../envelope/index.ts';
import { readAliasName, toArn } from '../../../shared/authorization/index.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import { type Arn, parseArn } from '../../../shared/declaration/arn.ts';

/** The largest ciphertext that KMS accepts (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html). */
const maxCiphertextBytes = 6_144;
const keyResource = /^key\/[\w-]+$/;
const multiRegionKey = /^key\/mrk-/;

type Scope = Pick<FunctionConfig, 'partition' | 'regions' | 'accountIds'>;

/** A request to KMS that may decrypt a message's data key. */
export interface Candidate {
  readonly entry: EncryptedDataKey;
  /** The key to send to KMS. */
  readonly keyId: string;
  /** The ARN of the key, as the message names it or in the Region of the request. */
  readonly keyArn: string;
}

/**
 * Lists the requests that may decrypt one of a message's encrypted data keys, in the order in which to send them. Skips
 * entries whose key the service or the caller's `keyId` excludes. A multi-Region key may be used in any Region, so its
 * replica in the function's own Region comes first
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
 */
export function listCandidates(
  entries: readonly EncryptedDataKey[],
  keyId: string | undefined,
  scope: Scope,
): Candidate[] {
  const candidates = entries.flatMap((entry) => {
    const arn = parseKeyArn(entry, scope);
    if (arn === undefined) return [];
    return keyId === undefined ? listLocations(entry, arn, scope) : matchKey(entry, arn, keyId, scope);
  });
  const [ownRegion] = scope.regions;
  const isOwn = ({ keyArn }: Candidate) => parseArn(keyArn)?.region === ownRegion;
  return [...candidates.filter(isOwn), ...candidates.filter((candidate) => !isOwn(candidate))];
}

/** Returns the ARN of an entry's key, or `undefined` if the service cannot use the key in any Region. */
function parseKeyArn(entry: EncryptedDataKey, { partition, accountIds }: Scope): Arn | undefined {
  const { length } = entry.ciphertext;
  if (entry.providerId !== kmsProviderId || length === 0 || length > maxCiphertextBytes) return undefined;
  const arn = parseArn(entry.providerInfo);
  const isUsable =
    arn?.partition === partition &&
    arn.service === 'kms' &&
    accountIds.includes(arn.accountId) &&
    keyResource.test(arn.resource);
  return isUsable ? arn : undefined;
}

function listLocations(entry: EncryptedDataKey, arn: Arn, { regions }: Scope): Candidate[] {
  const [ownRegion = ''] = regions;
  const wanted = multiRegionKey.test(arn.resource) ? [ownRegion, arn.region] : [arn.region];
  return [...new Set(wanted)]
    .filter((region) => regions.includes(region))
    .map((region) => formatArn({ ...arn, region }))
    .map((keyArn) => ({ entry, keyId: keyArn, keyArn }));
}

/** Returns a candidate if the caller's key can be the entry's key. Only KMS knows the key of an alias. */
function matchKey(entry: EncryptedDataKey, arn: Arn, keyId: string, scope: Scope): Candidate[] {
  const wanted = parseArn(toArn(keyId, scope)) as Arn;
  const isSameRegion = arn.region === wanted.region || multiRegionKey.test(arn.resource);
  const isSameKey = readAliasName(keyId) !== undefined || arn.resource === wanted.resource;
  if (!isSameRegion || !isSameKey || arn.accountId !== wanted.accountId) return [];
  return [{ entry, keyId, keyArn: formatArn({ ...arn, region: wanted.region }) }];
}

function formatArn({ partition, service, region, accountId, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
