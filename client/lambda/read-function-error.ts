import { getCatalogueEntry, isErrorCode } from '../../shared/declaration/error-catalogue.ts';
import { isObject } from '../../shared/declaration/json-object.ts';
import { FunctionError, type KmsFunctionsClientError, ServiceError } from '../errors.ts';

/**
 * Converts the payload of a failed invocation, `{errorType, errorMessage}`, to an error. Messages from the functions
 * start with the error code, because not every runtime reports the type. Other messages, such as for a timeout, come
 * from Lambda itself.
 */
export function readFunctionError(failure: unknown, requestId: string | undefined): KmsFunctionsClientError {
  const message = isObject(failure) && typeof failure.errorMessage === 'string' ? failure.errorMessage : '';
  const [, code = '', detail = ''] = /^([A-Za-z]+): (.*)$/s.exec(message) ?? [];
  if (!isErrorCode(code)) return new FunctionError(message || 'The function failed without a message.', { requestId });
  const { status, retryable = false }: { status: number; retryable?: boolean } = getCatalogueEntry(code);
  return new ServiceError(code, detail, { status, retryable, requestId });
}
