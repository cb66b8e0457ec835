import { type CatalogueEntry, type ErrorCode, entryOf } from './catalogue.ts';

/** One thing wrong with a request: where (RFC 6901 pointer into the input document) and which rule. Never the value. */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

/** The one error that leaves a handler, as a problem (HTTP) or thrown (direct). Its message may be shown to the caller. */
export class KmsFunctionsError extends Error {
  readonly code: ErrorCode;
  /** All that is wrong with the input, for bad input. */
  readonly errors: readonly InputError[] | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { errors?: readonly InputError[]; cause?: unknown }) {
    super(detail ?? `${entryOf(code).title}.`, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KmsFunctionsError';
    this.code = code;
    this.errors = options?.errors;
  }

  get entry(): CatalogueEntry {
    return entryOf(this.code);
  }
}

/** All errors of an input at once. */
export function invalidInput(errors: readonly InputError[]): KmsFunctionsError {
  const places = errors.map(({ pointer, detail }) => `${pointer || 'the request'} ${detail}`);
  return new KmsFunctionsError('ValidationException', `${places.join('; ')}.`, { errors });
}
