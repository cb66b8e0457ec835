import type { Access, Tenancy } from '../../authorization/access-config.ts';
import { bindContext, bindGrant, contextPrefixes, takesContext } from '../../authorization/bind-context.ts';
import { arnOfKey, hasTags } from '../../authorization/key-lookup.ts';
import { notAllowed } from '../../authorization/not-allowed.ts';
import { regionOf } from '../../authorization/scope.ts';
import { tenantOf } from '../../authorization/tenant.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../../declaration/operation.ts';
import { schemaMetadata } from '../../declaration/schema-metadata.ts';
import { clientOf } from '../../kms/client.ts';
import type { Call, ChainMiddleware } from '../call.ts';

const beyondTenant = 'This would reach beyond the tenant of the caller.';

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/**
 * Binds a call to its caller, where the deployment asks for it: what takes an encryption context by the context, which
 * KMS authenticates; what takes none by a tag of the key; what fits neither is refused.
 */
export function bindCaller(operation: Operation, { tenant: tenancy, callerContextKey }: Access): ChainMiddleware {
  const members = memberNames(operation);
  const prefixes = contextPrefixes(members);
  return {
    before: async ({ internal: { call } }) => {
      if (tenancy !== undefined) {
        const tenant = tenantOf(call.caller, tenancy);
        if (tenant !== undefined) await bindTenant(call, prefixes, tenancy, tenant);
      }
      const { principal } = call.caller;
      if (callerContextKey === undefined || principal === undefined) return;
      for (const prefix of prefixes) {
        if (takesContext(call.input, prefix))
          bindContext(call.input, `${prefix}EncryptionContext`, callerContextKey, principal);
      }
    },
  };
}

async function bindTenant(call: Call, prefixes: readonly string[], tenancy: Tenancy, tenant: string): Promise<void> {
  call.tenant = tenant;
  switch (call.operation.tenancy) {
    case 'encryption-context':
      return bindContexts(call, prefixes, tenancy, tenant);
    case 'grant-constraint':
      return bindGrant(call.input, tenancy.contextKey, tenant);
    case 'key-tag':
      return bindTags(call, tenancy, tenant);
    case 'rejected':
      throw notAllowed(beyondTenant);
    case 'unbound':
  }
}

async function bindContexts(call: Call, prefixes: readonly string[], tenancy: Tenancy, tenant: string): Promise<void> {
  for (const prefix of prefixes) {
    if (takesContext(call.input, prefix))
      bindContext(call.input, `${prefix}EncryptionContext`, tenancy.contextKey, tenant);
    else await requireTag(call, `${prefix}KeyId`, tenancy, tenant);
  }
}

/** Checks the tag of every key that the request names, and tags a new key. */
async function bindTags(call: Call, tenancy: Tenancy, tenant: string): Promise<void> {
  const { operation, input } = call;
  const isNew = operation.routes[0].status === 201;
  const keys = keyMembers(operation)
    .filter((member) => input[member] !== undefined)
    // A new alias does not point to a key yet.
    .filter((member) => !(isNew && schemaMetadata(memberSchema(operation, member))?.kind === 'alias'));
  for (const member of keys) await requireTag(call, member, tenancy, tenant);

  const takesTags = memberNames(operation).includes('Tags');
  if (takesTags && isNew) input.Tags = withTag(input.Tags as Tag[] | undefined, tenancy.tag, tenant);
  else if (keys.length === 0) throw notAllowed(beyondTenant);
  else if (namesTag(input, tenancy.tag)) throw notAllowed('The tag of the tenant stays as it is.');
}

async function requireTag(call: Call, member: string, { tag }: Tenancy, tenant: string): Promise<void> {
  const client = clientOf(regionOf(call));
  const key = call.input[member];
  if (typeof key !== 'string') throw notAllowed(`/${member} must name a key of the caller's tenant.`);
  const arn = await arnOfKey(client, key);
  if (!(await hasTags(client, arn, (tags) => tags.get(tag) === tenant)))
    throw notAllowed(`/${member} names a key that is not of the caller's tenant.`);
  // What was checked is what is used, wherever an alias may point by then.
  if (schemaMetadata(memberSchema(call.operation, member))?.kind === 'key') call.input[member] = arn;
}

function withTag(tags: readonly Tag[] = [], tag: string, tenant: string): Tag[] {
  if (tags.some(({ TagKey, TagValue }) => TagKey === tag && TagValue !== tenant)) {
    throw notAllowed('/Tags names another tenant.');
  }
  return [...tags.filter(({ TagKey }) => TagKey !== tag), { TagKey: tag, TagValue: tenant }];
}

/** TagResource names it in Tags, UntagResource in TagKeys. */
function namesTag({ Tags = [], TagKeys = [] }: { Tags?: Tag[]; TagKeys?: string[] }, tag: string): boolean {
  return Tags.some(({ TagKey }) => TagKey === tag) || TagKeys.includes(tag);
}
