import { KmsFunctionsError } from './kms-functions-error.ts';

/** Maps the pointers of one input to the pointers of another, such as `/KeyId` to `/AdditionalKeyIds/0`. */
export type Pointers = Readonly<Record<string, string>>;

/** Replaces the pointers in an error about a part of the caller's input. A message contains each pointer as one word. */
export function relocatePointers(error: KmsFunctionsError, pointers: Pointers): KmsFunctionsError {
  const moved = (pointer: string) => (Object.hasOwn(pointers, pointer) ? pointers[pointer] : undefined) ?? pointer;
  if (Object.keys(pointers).length === 0) return error;
  return new KmsFunctionsError(error.code, error.message.replaceAll(/(?<!\S)\/\w+/g, moved), {
    errors: error.errors?.map(({ pointer, detail }) => ({ pointer: moved(pointer), detail })),
    cause: error.cause,
    isRetryable: error.isRetryable,
  });
}
