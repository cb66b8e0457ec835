import type { Call } from '../call/call.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';
import { resolveRegion } from '../kms/region.ts';

/**
 * The partition, Region and account in which KMS resolves identifiers that are not ARNs. The first Region and the first
 * account in the lists apply.
 */
export type Location = Pick<FunctionConfig, 'partition' | 'regions' | 'accountIds'>;

/**
 * Returns the location in which KMS resolves the identifiers in a call. If one key is an ARN in another Region, the call is
 * sent to that Region, and KMS resolves all other identifiers there too.
 */
export function locateCall(call: Call): Location {
  const { partition, regions, accountIds } = call.config;
  const region = resolveRegion(call);
  return { partition, regions: region === undefined ? regions : [region], accountIds };
}

/** Returns the ARN for a key id, alias name or ARN. Does not call KMS. */
export function toArn(identifier: string, { partition, regions, accountIds }: Location): string {
  if (parseArn(identifier) !== undefined) return identifier;
  const resource = /^(alias|key)\//.test(identifier) ? identifier : `key/${identifier}`;
  return `arn:${partition}:kms:${regions[0]}:${accountIds[0]}:${resource}`;
}

/** Returns the alias name in an alias name or alias ARN, or `undefined` for any other identifier. */
export function readAliasName(identifier: string): string | undefined {
  const resource = parseArn(identifier)?.resource ?? identifier;
  return resource.startsWith('alias/') ? resource : undefined;
}
