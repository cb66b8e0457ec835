import type { Call } from '../call/call.ts';
import { compact, isObject } from '../declaration/json-object.ts';
import { keyMembers } from '../declaration/operation.ts';
import type { CallRecord } from './call-record.ts';

/**
 * Matches key ids, alias names, and the ARNs of both. Any other value in a key member is a mistake and could be a
 * secret, so it is not recorded.
 */
const keyIdentifier =
  /^(arn:[\w-]+:kms:[\w-]*:\d{0,12}:)?((key\/)?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})|alias\/[\w:/-]{1,250})$/;

/** Builds the record of a completed call. */
export function buildCallRecord(call: Call, latencyMs: number): CallRecord {
  const { operation, caller, config, failure } = call;
  const context = mergeContexts(call.input);
  const values = Object.fromEntries(Object.entries(context).filter(([key]) => config.auditContextValues.has(key)));
  return compact({
    schema: 'kms-functions.call/2' as const,
    operation: operation.name,
    trigger: call.trigger,
    caller: withoutClaims(caller),
    tenant: call.tenant,
    keys: keyMembers(operation)
      .map((member) => call.json[member])
      .filter((key): key is string => typeof key === 'string' && keyIdentifier.test(key)),
    usedKeys: [...call.usedKeys],
    contextKeys: Object.keys(context),
    context: Object.keys(values).length > 0 ? values : undefined,
    outcome: failure?.code ?? 'OK',
    status: failure?.entry.status ?? call.route?.status ?? 200,
    latencyMs,
    requestId: call.requestId,
    gatewayRequestId: caller.isVerified ? call.http?.requestId : undefined,
    kmsRequestId: call.kmsRequestId,
  });
}

function withoutClaims({ claims: _, ...caller }: Call['caller']): CallRecord['caller'] {
  return caller;
}

/** Merges a request's encryption contexts, because the record lists all their keys together. */
function mergeContexts(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const contexts = Object.entries(input).filter(([name]) => name.endsWith('EncryptionContext'));
  return Object.assign({}, ...contexts.map(([, context]) => (isObject(context) ? context : {})));
}
