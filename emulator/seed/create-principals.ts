import { type Principal, parseIdentity } from '../authorization/principal.ts';
import { type Policy, readPolicy } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';
import { createSeedError, type SeedError } from './seed-error.ts';
import type { SeedPrincipal } from './seed-principal.ts';
import type { Seed } from './seed-schema.ts';

type Fail = (rule: string) => SeedError;

/** Maps access key ids to the principals in a seed. Throws `SeedError` for a principal that cannot exist in AWS. */
export function createPrincipals({ source, Principals = [] }: Seed): ReadonlyMap<string, Principal> {
  const principals = new Map<string, Principal>();
  for (const [index, entry] of Principals.entries()) {
    const pointer = `/Principals/${index} (access key ${entry.AccessKeyId}):`;
    const fail = (rule: string) => createSeedError(source?.name ?? 'the seed', pointer, rule);
    if (principals.has(entry.AccessKeyId)) throw fail('AccessKeyId must be unique');
    principals.set(entry.AccessKeyId, createPrincipal(entry, fail));
  }
  return principals;
}

function createPrincipal(entry: SeedPrincipal, fail: Fail): Principal {
  const { Arn, AccessKeyId, Policies, PermissionsBoundary, Tags = [], ConditionKeys = {} } = entry;
  const identity = parseIdentity(Arn, AccessKeyId);
  if (identity === undefined) {
    throw fail('Arn must be the ARN of a user, a role, a role session, a federated user or an account root user');
  }
  const isRoot = identity.type === 'Account';
  if (isRoot && (Policies ?? PermissionsBoundary) !== undefined) {
    throw fail('Policies and PermissionsBoundary must be absent for an account root user');
  }
  const read = (member: string, document: string | object) => readIdentityPolicy(document, member, fail);
  return {
    ...identity,
    policies: isRoot ? undefined : (Policies ?? []).map((document, index) => read(`Policies/${index}`, document)),
    boundary: PermissionsBoundary === undefined ? undefined : read('PermissionsBoundary', PermissionsBoundary),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    conditionKeys: new Map(Object.entries(ConditionKeys).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    secretAccessKey: entry.SecretAccessKey,
  };
}

function readIdentityPolicy(document: string | object, member: string, fail: Fail): Policy {
  try {
    return readPolicy(document, 'identity');
  } catch (error) {
    throw error instanceof PolicyError ? fail(`${member} is invalid: ${error.message}`) : error;
  }
}
