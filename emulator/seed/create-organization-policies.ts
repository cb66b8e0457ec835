import type { AccountControls, OrganizationPolicies } from '../authorization/organization-policies.ts';
import type { Policy } from '../policy-language/policy-document.ts';
import type { SeedAccount } from './seed-account.ts';
import { createSeedError, type SeedError } from './seed-error.ts';
import { type PolicyDocument, readSeedPolicy } from './seed-policy.ts';
import { type Seed, seedSource } from './seed-schema.ts';

/** Reads the organization's policies in a seed. Throws `SeedError` for an invalid policy. */
export function createOrganizationPolicies({ [seedSource]: source, Accounts = [] }: Seed): OrganizationPolicies {
  const policies = new Map<string, AccountControls>();
  for (const [index, account] of Accounts.entries()) {
    const pointer = `/Accounts/${index} (account ${account.AccountId}):`;
    const fail = (rule: string) => createSeedError(source.name, pointer, rule);
    if (policies.has(account.AccountId)) throw fail('AccountId must be unique');
    policies.set(account.AccountId, readAccount(account, fail));
  }
  return policies;
}

function readAccount(
  { ServiceControlPolicies = [], ResourceControlPolicies = [] }: SeedAccount,
  fail: (rule: string) => SeedError,
): AccountControls {
  const documents = ServiceControlPolicies.filter((each): each is PolicyDocument => !Array.isArray(each));
  const levels = ServiceControlPolicies.filter((each) => Array.isArray(each));
  if (documents.length > 0 && levels.length > 0)
    throw fail('ServiceControlPolicies must contain only policies, or only lists of policies');
  const all = documents.length > 0 ? [documents] : levels;
  return {
    serviceControlLevels: all.map((level) => level.map((document) => readServiceControl(document, fail))),
    resourceControls: ResourceControlPolicies.map((document) => readResourceControl(document, fail)),
  };
}

function readServiceControl(document: PolicyDocument, fail: (rule: string) => SeedError): Policy {
  return readSeedPolicy(document, 'identity', (message) => fail(`ServiceControlPolicies is invalid: ${message}`));
}

/**
 * Reads a resource control policy, whose statements must deny access to all principals
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
 */
function readResourceControl(document: PolicyDocument, fail: (rule: string) => SeedError): Policy {
  const name = 'ResourceControlPolicies';
  const policy = readSeedPolicy(document, 'resource control', (message) => fail(`${name} is invalid: ${message}`));
  const isValid = policy.statements.every(
    ({ isDeny, principals, actions }) =>
      isDeny && principals?.everyone === true && !principals.isNegated && !actions.isNegated,
  );
  if (!isValid) throw fail(`${name} must contain only statements with Effect Deny, Principal "*" and Action`);
  return policy;
}
