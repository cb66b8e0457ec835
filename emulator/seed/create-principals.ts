import { type Principal, parseIdentity } from '../authorization/principal.ts';
import { createSeedError, type SeedError } from './seed-error.ts';
import { type PolicyDocument, readSeedPolicy } from './seed-policy.ts';
import type { SeedPrincipal } from './seed-principal.ts';
import { type Seed, seedSource } from './seed-schema.ts';

const sessionTypes: ReadonlySet<Principal['type']> = new Set(['AssumedRole', 'FederatedUser']);

type Fail = (rule: string) => SeedError;

/** Maps access key ids to the principals in a seed. Throws `SeedError` for a principal that cannot exist in AWS. */
export function createPrincipals({ [seedSource]: source, Principals = [] }: Seed): ReadonlyMap<string, Principal> {
  const principals = new Map<string, Principal>();
  for (const [index, entry] of Principals.entries()) {
    const pointer = `/Principals/${index} (access key ${entry.AccessKeyId}):`;
    const fail = (rule: string) => createSeedError(source.name, pointer, rule);
    if (principals.has(entry.AccessKeyId)) throw fail('AccessKeyId must be unique');
    principals.set(entry.AccessKeyId, createPrincipal(entry, fail));
  }
  return principals;
}

function createPrincipal(entry: SeedPrincipal, fail: Fail): Principal {
  const { Arn, AccessKeyId, Policies, PermissionsBoundary, SessionPolicies, Tags = [], ConditionKeys = {} } = entry;
  const identity = parseIdentity(Arn, AccessKeyId);
  if (identity === undefined) {
    throw fail('Arn must be the ARN of a user, a role, a role session, a federated user or an account root user');
  }
  const isRoot = identity.type === 'Account';
  if (isRoot && (Policies ?? PermissionsBoundary) !== undefined) {
    throw fail('Policies and PermissionsBoundary must be absent for an account root user');
  }
  if (SessionPolicies !== undefined && !sessionTypes.has(identity.type)) {
    throw fail('SessionPolicies is allowed only for a role session or a federated user');
  }
  const read = (member: string, document: PolicyDocument) =>
    readSeedPolicy(document, 'identity', (message) => fail(`${member} is invalid: ${message}`));
  const readAll = (member: string, documents: readonly PolicyDocument[]) =>
    documents.map((document, index) => read(`${member}/${index}`, document));
  return {
    ...identity,
    policies: isRoot ? undefined : readAll('Policies', Policies ?? []),
    boundary: PermissionsBoundary === undefined ? undefined : read('PermissionsBoundary', PermissionsBoundary),
    sessionPolicies: SessionPolicies && readAll('SessionPolicies', SessionPolicies),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    conditionKeys: new Map(Object.entries(ConditionKeys).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
    secretAccessKey: entry.SecretAccessKey,
  };
}
