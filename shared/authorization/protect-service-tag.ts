import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { serviceTagKey } from '../config/resource-names.ts';
import type { Operation } from '../declaration/operation.ts';
import type { InputError } from '../errors/kms-functions-error.ts';

type Json = Readonly<Record<string, unknown>>;

interface Tag {
  readonly TagKey?: unknown;
}

/**
 * Adds the service tag to a new key. Rejects input that sets, changes or removes the tag, or that bypasses the policy
 * lockout safety check.
 */
export function protectServiceTag(
  operation: Operation,
  { serviceTag }: Pick<FunctionConfig, 'serviceTag'>,
): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (serviceTag === undefined) return;
      if (operation.serviceTag !== undefined) call.errors.push(...findTagErrors(call.json));
      if (call.json.BypassPolicyLockoutSafetyCheck === true) call.errors.push(bypassError);
      if (operation.serviceTag === 'added') {
        const tag = { TagKey: serviceTagKey, TagValue: serviceTag };
        call.input = { ...call.input, Tags: [...readList(call.input.Tags), tag] };
      }
    },
  };
}

const bypassError: InputError = {
  pointer: '/BypassPolicyLockoutSafetyCheck',
  detail: 'must not be true, because every key must stay manageable',
};

function findTagErrors({ Tags, TagKeys }: Json): InputError[] {
  const inTags = readList(Tags).map((tag, index) => [`/Tags/${index}/TagKey`, (tag as Tag | null)?.TagKey] as const);
  const inTagKeys = readList(TagKeys).map((key, index) => [`/TagKeys/${index}`, key] as const);
  return [...inTags, ...inTagKeys]
    .filter(([, key]) => isServiceTag(key))
    .map(([pointer]) => ({
      pointer,
      detail: 'must not be the service tag, which callers cannot set, change or remove',
    }));
}

/**
 * Ignores case, because IAM ignores the case of tag keys in condition keys. KMS itself treats tag keys as
 * case-sensitive.
 */
function isServiceTag(key: unknown): boolean {
  return typeof key === 'string' && key.toLowerCase() === serviceTagKey;
}

function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
