import { isObject } from '../declaration/json-object.ts';
import { keyMembers } from '../declaration/operation.ts';
import type { Call } from '../handler/call.ts';
import { environmentList } from '../handler/environment-list.ts';
import type { CallRecord } from './call-record.ts';

/**
 * What names a key: a key id, an alias name, or an ARN of these. What else stands in a key's member is a mistake of the
 * caller's, of whatever he mistook for a key, and is not written down.
 */
const keyName =
  /^(arn:[\w-]+:kms:[\w-]*:\d{0,12}:)?((key\/)?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})|alias\/[\w:/-]{1,250})$/;

/** The record of a call at its end, with the values of the encryption contexts' keys that are listed. */
export function recordOf(call: Call, latencyMs: number, valuesOf: ReadonlySet<string>): CallRecord {
  const { operation, caller, failure } = call;
  const context = contextOf(call.input);
  const listed = Object.fromEntries(Object.entries(context).filter(([key]) => valuesOf.has(key)));
  return {
    schema: 'kms-functions.call/2',
    operation: operation.name,
    trigger: call.trigger,
    caller: publicPart(caller),
    ...present('tenant', call.tenant),
    keys: keyMembers(operation)
      .map((member) => call.json[member])
      .filter((key): key is string => typeof key === 'string' && keyName.test(key)),
    usedKeys: [...call.usedKeys],
    contextKeys: Object.keys(context),
    ...(Object.keys(listed).length > 0 ? { context: listed } : {}),
    outcome: failure?.code ?? 'OK',
    status: failure?.entry.status ?? call.route?.status ?? 200,
    latencyMs,
    requestId: call.requestId,
    ...present('gatewayRequestId', caller.isVerified ? call.http?.requestId : undefined),
    ...present('kmsRequestId', call.kmsRequestId),
  };
}

function publicPart({ claims: _, ...caller }: Call['caller']): CallRecord['caller'] {
  return caller;
}

/** All contexts of the request in one: their names are what counts. */
function contextOf(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const contexts = Object.entries(input).filter(([name]) => name.endsWith('EncryptionContext'));
  return Object.assign({}, ...contexts.map(([, context]) => (isObject(context) ? context : {})));
}

/** `AUDIT_CONTEXT_VALUES`: names whose values are recorded, separated by commas. */
export function listedContextKeys(environment: NodeJS.ProcessEnv = process.env): ReadonlySet<string> {
  return new Set(environmentList(environment.AUDIT_CONTEXT_VALUES));
}

function present<K extends string>(name: K, value: string | undefined): { [N in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [N in K]?: string };
}
