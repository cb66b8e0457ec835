import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { idempotencyTagKey, requestTagKey, serviceTagKey } from '../config/resource-names.ts';
import type { Operation } from '../declaration/operation.ts';
import type { InputError } from '../errors/kms-functions-error.ts';

type Json = Readonly<Record<string, unknown>>;

interface Tag {
  readonly TagKey?: unknown;
}

/**
 * Adds the service tag and the request tag to a new key. Rejects input that sets, changes or removes these tags or the
 * idempotency tag, or that bypasses the policy lockout safety check.
 */
export function protectTags(operation: Operation, { serviceTag }: Pick<FunctionConfig, 'serviceTag'>): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (operation.serviceTag !== undefined) call.errors.push(...findTagErrors(call.json, serviceTag !== undefined));
      if (serviceTag !== undefined && call.json.BypassPolicyLockoutSafetyCheck === true) call.errors.push(bypassError);
      if (operation.serviceTag === 'added') {
        const service = serviceTag === undefined ? [] : [{ TagKey: serviceTagKey, TagValue: serviceTag }];
        const request = { TagKey: requestTagKey, TagValue: call.requestId };
        call.input = { ...call.input, Tags: [...readList(call.input.Tags), ...service, request] };
      }
    },
  };
}

const bypassError: InputError = {
  pointer: '/BypassPolicyLockoutSafetyCheck',
  detail: 'must not be true, because every key must stay manageable',
};

function findTagErrors({ Tags, TagKeys }: Json, hasServiceTag: boolean): InputError[] {
  const inTags = readList(Tags).map((tag, index) => [`/Tags/${index}/TagKey`, (tag as Tag | null)?.TagKey] as const);
  const inTagKeys = readList(TagKeys).map((key, index) => [`/TagKeys/${index}`, key] as const);
  return [...inTags, ...inTagKeys].flatMap(([pointer, key]) => {
    const name = findTagName(key);
    if (name === undefined || (name === 'service' && !hasServiceTag)) return [];
    return [{ pointer, detail: `must not be the ${name} tag, which callers cannot set, change or remove` }];
  });
}

/**
 * Returns which of the service's tags has this key. Ignores case, because IAM ignores the case of tag keys in condition
 * keys. KMS itself treats tag keys as case-sensitive.
 */
function findTagName(key: unknown): 'service' | 'request' | 'idempotency' | undefined {
  const lowerCase = typeof key === 'string' ? key.toLowerCase() : undefined;
  if (lowerCase === serviceTagKey) return 'service';
  if (lowerCase === idempotencyTagKey) return 'idempotency';
  return lowerCase === requestTagKey ? 'request' : undefined;
}

function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
