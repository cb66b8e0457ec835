import type { Call } from '../call/call.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { toKmsFunctionsError } from '../errors/to-kms-functions-error.ts';
import { callerNotAllowed, memberNotAllowed } from './caller-not-allowed.ts';
import { readAliasName } from './key-identifiers.ts';
import { lookUpKeyArn, unlessNotFound } from './key-lookup.ts';
import type { ReadTenantTag } from './tenant-tags.ts';

/** A call whose keys are checked, and the tenant that may use them. */
export interface TenantKeys {
  readonly call: Call;
  readonly tenant: string;
  readonly readTag: ReadTenantTag;
}

/**
 * Returns `true` if the tenant owns the key with this ARN, or if the key has no tenant tag and `allowsShared` is `true`.
 * Treats a key that does not exist like another tenant's key.
 */
export async function tenantMayUse(
  { call, tenant, readTag }: TenantKeys,
  arn: string,
  allowsShared: boolean,
): Promise<boolean> {
  const found = await failClosed(call, unlessNotFound(readTag(call, arn, tenant).then((tag) => ({ tag }))));
  if (found === undefined) return false;
  return found.tag === undefined ? allowsShared : found.tag === tenant;
}

/** Returns the ARN of an alias's key, or `undefined` if the alias does not exist. Does not cache the ARN. */
export function resolveAlias(call: Call, alias: string): Promise<string | undefined> {
  return failClosed(call, lookUpKeyArn(call, alias));
}

/**
 * Returns the result of a lookup. If KMS fails, throws a 503 error, because the service cannot allow a call without the
 * key's owner. If the lookup took too long, throws a 504 error, which callers do not retry at once.
 */
async function failClosed<Result>(call: Call, lookup: Promise<Result>): Promise<Result> {
  try {
    return await lookup;
  } catch (cause) {
    if (call.deadline.isOver) throw new KmsFunctionsError('TimeoutError', undefined, { cause });
    const error = toKmsFunctionsError(cause, call);
    if (error.code === 'TimeoutError') throw error;
    if (error.entry.status < 500 && error.code !== 'ThrottlingException') throw error;
    const detail = "The service could not look up the key's tenant, because KMS is not available.";
    throw new KmsFunctionsError('ServiceUnavailableException', detail, { cause });
  }
}

export function tenantKeyNotAllowed(member: string): KmsFunctionsError {
  return memberNotAllowed(
    `/${member}`,
    "identifies a key that does not exist or does not belong to the caller's tenant",
  );
}

/** Rejects a change to an alias unless the tenant owns the alias name. */
export function requireTenantAlias(member: string, name: unknown, tenant: string): void {
  const prefix = `alias/${tenant}/`;
  if (typeof name !== 'string' || !name.startsWith(prefix))
    throw callerNotAllowed(`/${member} must begin with ${prefix}.`);
}

/**
 * Rejects a key identifier that is an alias, unless the tenant or all tenants own the alias's name. Applies before KMS
 * resolves the alias, so that callers cannot find out which aliases exist.
 */
export function requireUsableAlias(member: string, identifier: string, tenant: string): void {
  const name = readAliasName(identifier);
  if (name === undefined || name.startsWith(`alias/${tenant}/`) || name.startsWith('alias/shared/')) return;
  throw callerNotAllowed(`/${member} must not be an alias, unless it begins with alias/${tenant}/ or alias/shared/.`);
}
