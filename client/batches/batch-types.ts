import type { InputFor, MethodName, OutputFor } from '../operation-types.ts';

/** The client methods of batches. */
export type BatchName = Extract<MethodName, `${string}Batch`> & keyof BatchShapes;

type BatchShapes = {
  [Name in MethodName as OutputFor<Name> extends { Results: readonly { Error?: unknown }[] } ? Name : never]: true;
};

/** An item of a batch, such as `BatchItemFor<'encryptBatch'>`. */
export type BatchItemFor<Name extends BatchName> =
  InputFor<Name> extends { readonly Items: readonly (infer Item)[] } ? Item : never;

/** A batch without its items. The members apply to all items that do not have their own. */
export type BatchRequestFor<Name extends BatchName> = Omit<InputFor<Name>, 'Items' | 'PartialFailureStatus'>;

/** The result of an item: the AWS response, or `Error`. */
export type BatchResultFor<Name extends BatchName> =
  OutputFor<Name> extends { Results: (infer Result)[] } ? Result : never;
