import { type Call, type ItemCounts, maxRequestIds } from '../call/call.ts';
import { compact, isObject } from '../declaration/json-object.ts';
import { isKeyIdentifier } from '../declaration/key-identifier.ts';
import { listKeys } from '../declaration/operation.ts';
import { boundText, boundTexts, maxContextKeys } from './bound-text.ts';
import type { CallRecord } from './call-record.ts';

const maxContextText = 128;

/** Builds the record of a completed call. The record's size does not depend on the size of the request. */
export function buildCallRecord(call: Call, latencyMs: number): CallRecord {
  const { operation, caller, config, failure } = call;
  const context = mergeContexts(call.input);
  const allKeys = Object.keys(context);
  const contextKeys = allKeys.slice(0, maxContextKeys);
  const values = contextKeys.filter((key) => config.auditContextValues.has(key));
  return compact({
    schema: 'kms-functions.call/2' as const,
    operation: operation.name,
    trigger: call.trigger,
    caller: boundTexts(withoutClaims(caller)),
    tenant: call.tenant,
    keys: listKeys(operation, call.json)
      .map(({ key }) => key)
      .filter(isKeyIdentifier),
    usedKeys: call.usedKeys.map((key) => boundText(key)),
    contextKeys: contextKeys.map((key) => boundText(key, maxContextText)),
    contextKeyCount: allKeys.length > maxContextKeys ? allKeys.length : undefined,
    context: values.length > 0 ? pickBounded(context, values) : undefined,
    outcome: failure?.code ?? (hasFailedItems(call) ? 'PartialFailure' : 'OK'),
    reason: failure && boundText(failure.message),
    status: failure?.entry.status ?? call.status ?? call.route?.status ?? 200,
    latencyMs,
    attempts: call.kms.attempts,
    lookups: call.kms.lookups || undefined,
    kmsMs: Math.round(call.kms.ms),
    timeLeftMs: Math.round(call.deadline.leftMs),
    requestId: call.requestId,
    gatewayRequestId: caller.isVerified ? boundText(call.http?.requestId ?? '') || undefined : undefined,
    kmsRequestId: call.kmsRequestId && boundText(call.kmsRequestId),
    kmsRequestIds: call.kmsRequestIds.length > 1 ? boundList(call.kmsRequestIds) : undefined,
    replayed: call.isReplay,
    items: call.items && countItems(call.items),
    cached: call.dataKeySource === 'cache' ? (true as const) : undefined,
  });
}

function hasFailedItems({ items }: Call): boolean {
  return items !== undefined && items.succeeded < items.total;
}

function countItems({ failures: _, ...counts }: ItemCounts): CallRecord['items'] {
  return counts;
}

function boundList(texts: readonly string[]): string[] {
  return texts.slice(0, maxRequestIds).map((text) => boundText(text, maxContextText));
}

function withoutClaims({ claims: _, ...caller }: Call['caller']): CallRecord['caller'] {
  return caller;
}

function pickBounded(context: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.map((key) => [boundText(key, maxContextText), boundText(context[key] ?? '', maxContextText)]),
  );
}

/** Merges a request's encryption contexts, because the record lists all their keys together. */
function mergeContexts(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const contexts = Object.entries(input).filter(([name]) => name.endsWith('EncryptionContext'));
  return Object.assign({}, ...contexts.map(([, context]) => (isObject(context) ? context : {})));
}
