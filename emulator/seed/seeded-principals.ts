import { type Policy, PolicyError, readPolicy } from '../authorization/policy-document.ts';
import { type Principal, parseIdentity } from '../authorization/principal.ts';
import { type Seed, SeedError } from './seed.ts';
import type { SeedPrincipal } from './seed-principal.ts';

/** The principals of a seed, by access key id. Throws SeedError for one that nobody could be. */
export function principalsOf({ Principals = [] }: Seed): ReadonlyMap<string, Principal> {
  const principals = new Map<string, Principal>();
  for (const entry of Principals) {
    const place = `the seed's principal ${entry.AccessKeyId}`;
    if (principals.has(entry.AccessKeyId)) throw new SeedError(`${place} is there twice`);
    principals.set(entry.AccessKeyId, principalOf(entry, place));
  }
  return principals;
}

function principalOf(entry: SeedPrincipal, place: string): Principal {
  const { Arn, AccessKeyId, Policies, PermissionsBoundary, Tags = [], ConditionKeys = {} } = entry;
  const identity = parseIdentity(Arn, AccessKeyId);
  if (identity === undefined) throw new SeedError(`${place}: ${Arn} is not the ARN of somebody who calls`);
  const isRoot = identity.type === 'Account';
  if (isRoot && (Policies ?? PermissionsBoundary) !== undefined) {
    throw new SeedError(`${place}: the root of an account has no policies`);
  }
  const read = (document: string | object) => policyOf(document, place);
  return {
    ...identity,
    policies: isRoot ? undefined : (Policies ?? []).map(read),
    boundary: PermissionsBoundary === undefined ? undefined : read(PermissionsBoundary),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    conditionKeys: new Map(Object.entries(ConditionKeys).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    secretAccessKey: entry.SecretAccessKey,
  };
}

function policyOf(document: string | object, place: string): Policy {
  try {
    return readPolicy(document, 'identity');
  } catch (error) {
    if (error instanceof PolicyError) throw new SeedError(`${place}: ${error.message}`);
    throw error;
  }
}
