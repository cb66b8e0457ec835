import { type CatalogueEntry, type ErrorCode, getCatalogueEntry } from '../declaration/error-catalogue.ts';

/**
 * Describes one error in a request: its location (an RFC 6901 pointer into the input) and the violated rule, but never
 * the value.
 */
export interface InputError {
  readonly pointer: string;
  readonly detail: string;
}

interface ErrorOptions {
  readonly errors?: readonly InputError[] | undefined;
  readonly cause?: unknown;
  /** Default: the catalogue's value for the code. */
  readonly isRetryable?: boolean;
}

/**
 * The only error type that callers receive, as a problem document over HTTP or as the error of a direct invocation. The
 * message must be safe to show to callers.
 */
export class KmsFunctionsError extends Error {
  readonly code: ErrorCode;
  /** All errors in the input for a `ValidationException`, or all reasons for a `KeyInUseError`. */
  readonly errors: readonly InputError[] | undefined;

  /** `true` if the same request may succeed later and cannot take effect twice. */
  readonly isRetryable: boolean;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    const cause = options?.cause === undefined ? undefined : { cause: options.cause };
    super(detail ?? describe(getCatalogueEntry(code)), cause);
    this.name = 'KmsFunctionsError';
    this.code = code;
    this.errors = options?.errors;
    this.isRetryable = options?.isRetryable ?? this.entry.retryable ?? false;
  }

  get entry(): CatalogueEntry {
    return getCatalogueEntry(this.code);
  }
}

function describe({ title, advice }: CatalogueEntry): string {
  return advice === undefined ? `${title}.` : `${title}. ${advice}`;
}

/** Creates a `ValidationException` that reports all errors in an input. */
export function createValidationError(errors: readonly InputError[]): KmsFunctionsError {
  const sentences = errors.map(({ pointer, detail }) => `${pointer || 'The request'} ${detail}`);
  // A detail may end with a question.
  const detail = `${sentences.join('; ')}.`.replaceAll('?; ', '? ').replace(/\?\.$/, '?');
  return new KmsFunctionsError('ValidationException', detail, { errors });
}
