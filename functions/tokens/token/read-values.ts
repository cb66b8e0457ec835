import { createValidationError, type InputError } from '../../../shared/errors/kms-functions-error.ts';
import { type Normalization, normalizeText } from './normalize-text.ts';

/** A value in a request: a text or bytes, but not both. */
export interface Value {
  readonly Value?: string | undefined;
  readonly ValueBytes?: Uint8Array | undefined;
}

/** The number of errors in a response. */
const maxErrors = 20;

/**
 * Returns the bytes of the values, whose tokens are to be computed. Throws an error that reports all invalid values.
 * `prefixes` are the locations of the values in the request, such as `/Items/0`.
 */
export function readValues(
  values: readonly Value[],
  prefixes: readonly string[],
  normalizations: ReadonlySet<Normalization>,
): readonly Uint8Array[] {
  const errors: InputError[] = [];
  const bytes = values.map((value, index) => {
    const read = readValue(value, prefixes[index] ?? '', normalizations);
    if (!('pointer' in read)) return read;
    errors.push(read);
    return new Uint8Array();
  });
  if (errors.length > 0) throw createValidationError(errors.slice(0, maxErrors));
  return bytes;
}

function readValue(
  { Value: text, ValueBytes: bytes }: Value,
  prefix: string,
  normalizations: ReadonlySet<Normalization>,
): Uint8Array | InputError {
  const [value, binary] = [`${prefix}/Value`, `${prefix}/ValueBytes`];
  if (text !== undefined && bytes !== undefined) return { pointer: binary, detail: 'must not be combined with Value' };
  if (bytes !== undefined) {
    if (normalizations.size === 0) return bytes;
    return { pointer: binary, detail: 'must not be combined with Normalization, which changes only texts' };
  }
  if (text === undefined) return { pointer: value, detail: 'is required, unless the request contains ValueBytes' };
  const normalized = normalizeText(text, normalizations);
  if ('violation' in normalized) return { pointer: value, detail: normalized.violation };
  return Buffer.from(normalized.text);
}
