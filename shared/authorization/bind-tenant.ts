import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig, Tenancy } from '../config/function-config.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../declaration/operation.ts';
import { schemaMetadata } from '../declaration/schema-metadata.ts';
import { getClient } from '../kms/client.ts';
import { resolveRegion } from '../kms/region.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';
import {
  bindEncryptionContext,
  bindGrantConstraints,
  findContextPrefixes,
  takesEncryptionContext,
} from './encryption-context.ts';
import { hasTags, lookUpKeyArn } from './key-lookup.ts';
import { resolveTenant } from './tenant.ts';

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** Binds a call to the caller's tenant, as the operation's `tenancy` declares. */
export function bindTenant(operation: Operation, { tenancy }: Pick<FunctionConfig, 'tenancy'>): ChainMiddleware {
  const prefixes = findContextPrefixes(memberNames(operation));
  return {
    before: async ({ internal: { call } }) => {
      const tenant = tenancy === undefined ? undefined : resolveTenant(call.caller, tenancy);
      if (tenancy === undefined || tenant === undefined) return;
      call.tenant = tenant;
      switch (operation.tenancy) {
        case 'encryption-context':
          return bindContexts(call, prefixes, tenancy, tenant);
        case 'grant-constraint':
          return bindGrantConstraints(call.input, tenancy.contextKey, tenant);
        case 'key-tag':
          return bindKeys(call, tenancy, tenant);
        case 'rejected':
          throw callerNotAllowed('Callers with a tenant cannot use this operation.');
        case 'unbound':
      }
    },
  };
}

async function bindContexts(call: Call, prefixes: readonly string[], tenancy: Tenancy, tenant: string): Promise<void> {
  for (const prefix of prefixes) {
    if (takesEncryptionContext(call.input, prefix))
      bindEncryptionContext(call.input, prefix, tenancy.contextKey, tenant);
    else await requireTenantTag(call, `${prefix}KeyId`, tenancy, tenant);
  }
}

/** Checks the tenant tag of every key in the request, and adds the tag to a new key. */
async function bindKeys(call: Call, tenancy: Tenancy, tenant: string): Promise<void> {
  const { operation, input } = call;
  const { tag } = tenancy;
  const createsResource = operation.routes[0].status === 201;
  const keys = keyMembers(operation)
    .filter((member) => input[member] !== undefined)
    // A new alias does not point to a key yet.
    .filter((member) => !(createsResource && schemaMetadata(memberSchema(operation, member))?.kind === 'alias'));
  for (const member of keys) await requireTenantTag(call, member, tenancy, tenant);

  const takesTags = memberNames(operation).includes('Tags');
  if (takesTags && createsResource) input.Tags = addTenantTag(input.Tags as Tag[] | undefined, tag, tenant);
  else if (keys.length === 0)
    throw callerNotAllowed("The request must specify a key that belongs to the caller's tenant.");
  else if (changesTag(input, tag)) throw callerNotAllowed('The tenant tag cannot be changed or removed.');
}

async function requireTenantTag(call: Call, member: string, { tag }: Tenancy, tenant: string): Promise<void> {
  const client = getClient(call.config, resolveRegion(call));
  const key = call.input[member];
  if (typeof key !== 'string')
    throw callerNotAllowed(`/${member} must identify a key that belongs to the caller's tenant.`);
  const arn = await lookUpKeyArn(client, key);
  if (!(await hasTags(client, arn, (tags) => tags.get(tag) === tenant)))
    throw callerNotAllowed(`/${member} identifies a key that does not belong to the caller's tenant.`);
  // Sends the checked key's ARN to KMS, because the alias may point to another key by then.
  if (schemaMetadata(memberSchema(call.operation, member))?.kind === 'key') call.input[member] = arn;
}

function addTenantTag(tags: readonly Tag[] = [], tag: string, tenant: string): Tag[] {
  if (tags.some(({ TagKey, TagValue }) => TagKey === tag && TagValue !== tenant)) {
    throw callerNotAllowed('/Tags must not set the tenant tag to another tenant.');
  }
  return [...tags.filter(({ TagKey }) => TagKey !== tag), { TagKey: tag, TagValue: tenant }];
}

/** Returns `true` if the call changes or removes the tag. TagResource uses `Tags`; UntagResource uses `TagKeys`. */
function changesTag({ Tags = [], TagKeys = [] }: { Tags?: Tag[]; TagKeys?: string[] }, tag: string): boolean {
  return Tags.some(({ TagKey }) => TagKey === tag) || TagKeys.includes(tag);
}
