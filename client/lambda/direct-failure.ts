import { isObject } from '../../shared/declaration/json-object.ts';
import { entryOf, isErrorCode } from '../../shared/errors/catalogue.ts';
import { FunctionError, type KmsFunctionsClientError, ServiceError } from '../errors.ts';

/**
 * The error that a directly invoked function failed with, from what Lambda says of it: `{errorType, errorMessage}`. The functions'
 * own messages begin with their code, since not every runtime reports the type. Others are Lambda's, such as a time-out.
 */
export function directFailure(failure: unknown, requestId: string | undefined): KmsFunctionsClientError {
  const message = isObject(failure) && typeof failure.errorMessage === 'string' ? failure.errorMessage : '';
  const [, code = '', detail = ''] = /^([A-Za-z]+): (.*)$/s.exec(message) ?? [];
  if (!isErrorCode(code)) return new FunctionError(message || 'The function failed without a message.', { requestId });
  const { status, retryable = false }: { status: number; retryable?: boolean } = entryOf(code);
  return new ServiceError(code, detail, { status, retryable, requestId });
}
