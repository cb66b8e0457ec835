import * as z from 'zod/mini';
import { isObject, type UnknownObject } from '../../../shared/declaration/json-object.ts';
import { type Batch, keyMembers } from '../../../shared/declaration/operation.ts';
import { toInputErrors } from '../../../shared/errors/input-errors.ts';
import {
  createValidationError,
  type InputError,
  type KmsFunctionsError,
} from '../../../shared/errors/kms-functions-error.ts';
import { reference, rejectedMember } from '../define-batch.ts';

const notAnObject: InputError = { pointer: '', detail: 'contains an item that is not an object' };

/** A valid item with the request to KMS, or an invalid one. */
export type ReadItem = { readonly reference: string | undefined } & (
  | { readonly input: object; readonly error?: undefined }
  | { readonly error: KmsFunctionsError }
);

/**
 * Creates a function that validates an item as a request of the AWS operation. The item's members replace the members of
 * the batch. The pointers in an error begin at the item.
 */
export function createItemReader({ of, data }: Batch): (batch: UnknownObject, item: unknown) => ReadItem {
  const keys = keyMembers(of);
  const { shape } = of.input._zod.def;
  const others = Object.entries(shape).filter(([name]) => name !== rejectedMember && !keys.includes(name));
  const shared = others.map(([name]) => name).filter((name) => !data.includes(name));
  const schema = z.strictObject({ Reference: z.optional(reference()), ...Object.fromEntries(others) });

  return (batch, item) => {
    if (!isObject(item)) return { reference: undefined, error: createValidationError([notAnObject]) };
    const own = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
    const json = { ...pick(batch, shared), ...own };
    const parsed = z.safeParse(schema, json);
    if (!parsed.success) {
      const error = createValidationError(toInputErrors(parsed.error.issues, schema, json));
      return { reference: z.safeParse(reference(), own.Reference).data, error };
    }
    const { Reference, ...input } = parsed.data;
    return { reference: Reference, input: { ...pick(batch, keys), ...input } };
  };
}

function pick(json: UnknownObject, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => json[name] !== undefined).map((name) => [name, json[name]]));
}
