import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig, Tenancy } from '../config/function-config.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../declaration/operation.ts';
import { schemaMetadata } from '../declaration/schema-metadata.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';
import {
  bindEncryptionContext,
  bindGrantConstraints,
  findContextPrefixes,
  takesEncryptionContext,
} from './encryption-context.ts';
import { ciphertextNotAllowed, dependsOnKey, readKeyArn } from './hide-key-errors.ts';
import { locateCall, readAliasName, toArn } from './key-identifiers.ts';
import { protectTenantTag } from './protect-tenant-tag.ts';
import { resolveTenant } from './tenant.ts';
import {
  requireTenantAlias,
  requireUsableAlias,
  resolveAlias,
  type TenantKeys,
  tenantKeyNotAllowed,
  tenantMayUse,
} from './tenant-keys.ts';
import { createTenantTagReader } from './tenant-tags.ts';

/**
 * Binds a call to the caller's tenant, as the operation's `tenancy` declares. Every operation rejects keys with the tag of
 * another tenant. A key without the tag may be used only with an encryption context, which then contains the tenant.
 */
export function bindTenant(operation: Operation, { tenancy }: Pick<FunctionConfig, 'tenancy'>): ChainMiddleware {
  if (tenancy === undefined) return { before: () => {} };
  const readTag = createTenantTagReader(tenancy.tag);
  return {
    before: async ({ internal: { call } }) => {
      const tenant = resolveTenant(call.caller, tenancy);
      if (tenant === undefined) return;
      call.tenant = tenant;
      if (operation.tenancy === 'unbound' || operation.tenancy === 'steps') return;
      if (operation.tenancy === 'rejected') throw callerNotAllowed('Callers with a tenant cannot use this operation.');
      await bindKeys({ call, tenant, readTag });
      protectTenantTag(call, tenancy.tag, tenant);
      bindContexts(call, tenancy, tenant);
    },
    after: async ({ internal: { call } }) => {
      if (call.tenant !== undefined) await checkUsedKeys({ call, tenant: call.tenant, readTag });
    },
    onError: async (request) => {
      const { call } = request.internal;
      if (call.tenant === undefined || !dependsOnKey(request.error, call)) return;
      request.error = await hideForeignKey({ call, tenant: call.tenant, readTag }, request.error as Error);
    },
  };
}

/** Checks every key and alias in the request, and replaces each key identifier with the ARN that was checked. */
async function bindKeys(keys: TenantKeys): Promise<void> {
  const { operation, input } = keys.call;
  const members = keyMembers(operation);
  for (const member of members) {
    if (isAliasMember(operation, member)) requireTenantAlias(member, input[member], keys.tenant);
    else if (input[member] !== undefined) await bindKey(keys, member, String(input[member]));
    else if (operation.tenancy === 'encryption-context' && !usesContext(keys.call, member))
      throw callerNotAllowed(`/${member} must identify a key that belongs to the caller's tenant.`);
  }
  if (operation.tenancy === 'encryption-context' || createsKey(operation)) return;
  if (members.every((member) => input[member] === undefined))
    throw callerNotAllowed("The request must specify a key that belongs to the caller's tenant.");
}

async function bindKey(keys: TenantKeys, member: string, identifier: string): Promise<void> {
  const { call, tenant } = keys;
  // A key list check may have replaced the alias in the request with its key.
  requireUsableAlias(member, String(call.json[member]), tenant);
  const isAlias = readAliasName(identifier) !== undefined;
  const allowsShared = usesContext(call, member);
  // Operations with an encryption context return the key's ARN, which `checkUsedKeys` checks.
  if (isAlias && allowsShared) return;
  const arn = isAlias ? await resolveAlias(call, identifier) : toArn(identifier, locateCall(call));
  if (arn === undefined) throw new KmsFunctionsError('NotFoundException');
  if (!(await tenantMayUse(keys, arn, allowsShared))) throw tenantKeyNotAllowed(member);
  call.input[member] = arn;
}

function bindContexts({ operation, input }: Call, { contextKey }: Tenancy, tenant: string): void {
  if (operation.tenancy === 'grant-constraint') bindGrantConstraints(input, contextKey, tenant);
  for (const prefix of findContextPrefixes(memberNames(operation))) {
    if (takesEncryptionContext(input, prefix)) bindEncryptionContext(input, prefix, contextKey, tenant);
  }
}

/** Rejects a response for a key that the tenant may not use. Keys that `bindKeys` has checked are in the cache. */
async function checkUsedKeys(keys: TenantKeys): Promise<void> {
  const { operation, usedKeys } = keys.call;
  if (createsKey(operation)) return;
  const prefixes = findContextPrefixes(memberNames(operation));
  if (usedKeys.length < prefixes.length) throw ciphertextNotAllowed();
  for (const arn of usedKeys) {
    if (!(await tenantMayUse(keys, arn, prefixes.length > 0))) throw ciphertextNotAllowed();
  }
}

/** Returns the KMS error, or a 403 error instead if the error may depend on a key that the tenant may not use. */
async function hideForeignKey(keys: TenantKeys, error: Error): Promise<Error> {
  const { call } = keys;
  for (const member of keyMembers(call.operation).filter((name) => usesContext(call, name))) {
    const identifier = call.input[member];
    if (identifier === undefined) {
      const arn = readKeyArn(error);
      if (arn === undefined || !(await tenantMayUse(keys, arn, true))) return ciphertextNotAllowed();
    } else if (readAliasName(String(identifier)) !== undefined) {
      const arn = await resolveAlias(call, String(identifier));
      if (arn !== undefined && !(await tenantMayUse(keys, arn, true))) return tenantKeyNotAllowed(member);
    }
  }
  return error;
}

/** Returns `true` if the operation uses the key in this member with an encryption context. */
function usesContext({ operation, input }: Call, member: string): boolean {
  const prefix = member.slice(0, -'KeyId'.length);
  return findContextPrefixes(memberNames(operation)).includes(prefix) && takesEncryptionContext(input, prefix);
}

function isAliasMember(operation: Operation, member: string): boolean {
  return schemaMetadata(memberSchema(operation, member))?.kind === 'alias';
}

function createsKey({ serviceTag }: Operation): boolean {
  return serviceTag === 'added';
}
