import { type CatalogueEntry, type ErrorCode, getCatalogueEntry } from '../declaration/error-catalogue.ts';

/**
 * Describes one error in a request: its location (an RFC 6901 pointer into the input) and the violated rule, but never
 * the value.
 */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * The only error type that callers receive, as a problem document over HTTP or as the error of a direct invocation. The
 * message must be safe to show to callers.
 */
export class KmsFunctionsError extends Error {
  readonly code: ErrorCode;
  /** All errors in the input, for a `ValidationException`. */
  readonly errors: readonly InputError[] | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { errors?: readonly InputError[]; cause?: unknown }) {
    const cause = options?.cause === undefined ? undefined : { cause: options.cause };
    super(detail ?? `${getCatalogueEntry(code).title}.`, cause);
    this.name = 'KmsFunctionsError';
    this.code = code;
    this.errors = options?.errors;
  }

  get entry(): CatalogueEntry {
    return getCatalogueEntry(this.code);
  }
}

/** Creates a `ValidationException` that reports all errors in an input. */
export function createValidationError(errors: readonly InputError[]): KmsFunctionsError {
  const sentences = errors.map(({ pointer, detail }) => `${pointer || 'The request'} ${detail}`);
  return new KmsFunctionsError('ValidationException', `${sentences.join('; ')}.`, { errors });
}
