import { compact } from '../../../shared/declaration/json-object.ts';
import type { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { boundText } from '../../../shared/observability/bound-text.ts';
import type { ItemError } from '../define-batch.ts';
import { errorBytes, measureInBody } from '../response-size.ts';

const maxDetailLength = 256;

/**
 * Describes an item's error as a problem document does. Shortens an error that is longer than the response has space for:
 * omits its list of errors, and truncates its detail.
 */
export function describeError({ code, message, isRetryable, errors }: KmsFunctionsError): ItemError {
  const error = compact({ code, detail: message, retryable: isRetryable, errors: errors && [...errors] });
  if (measureInBody(error) <= errorBytes) return error;
  return { code, detail: boundText(message, maxDetailLength), retryable: isRetryable };
}
