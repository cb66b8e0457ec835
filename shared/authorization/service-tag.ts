import type { Operation } from '../declaration/operation.ts';
import type { InputError } from '../errors/kms-functions-error.ts';

/** The tag by which a deployment knows its own keys; the roles of its functions ask for it. */
export const serviceTagKey = 'kms-functions:service';

interface Tag {
  readonly TagKey?: unknown;
}

/** The tag's value, or `undefined` where keys are not fenced (stage `local`). */
export function serviceTagFromEnvironment(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment.KMS_FUNCTIONS_SERVICE_TAG || undefined;
}

/** No caller gives, changes or removes the service's tag, or skips the check that keeps a key manageable. */
export function serviceTagErrors(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  serviceTag: string | undefined,
): InputError[] {
  if (serviceTag === undefined) return [];
  const errors: InputError[] = [];
  if (operation.serviceTag !== undefined) {
    listOf(input.Tags).forEach((tag, index) => {
      if (isServiceTag((tag as Tag | null)?.TagKey)) errors.push(ownTag(`/Tags/${index}/TagKey`));
    });
    listOf(input.TagKeys).forEach((key, index) => {
      if (isServiceTag(key)) errors.push(ownTag(`/TagKeys/${index}`));
    });
  }
  if (input.BypassPolicyLockoutSafetyCheck === true) {
    const detail = 'must not be true: this service keeps every key manageable';
    errors.push({ pointer: '/BypassPolicyLockoutSafetyCheck', detail });
  }
  return errors;
}

/** The input with the service's tag on what the call makes. */
export function withServiceTag(
  operation: Operation,
  input: Record<string, unknown>,
  serviceTag: string | undefined,
): Record<string, unknown> {
  if (operation.serviceTag !== 'added' || serviceTag === undefined) return input;
  return { ...input, Tags: [...listOf(input.Tags), { TagKey: serviceTagKey, TagValue: serviceTag }] };
}

/** IAM's condition keys, of which a tag's key is a part, are read without regard to case; KMS tells the tags apart. */
function isServiceTag(key: unknown): boolean {
  return typeof key === 'string' && key.toLowerCase() === serviceTagKey;
}

function ownTag(pointer: string): InputError {
  return { pointer, detail: "is the service's own tag" };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
