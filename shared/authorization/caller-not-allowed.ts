import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/** Creates a `CallerNotAllowedError`. `detail` must not contain values from the request. */
export function callerNotAllowed(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('CallerNotAllowedError', detail);
}

/** Creates a `CallerNotAllowedError` for one member of the request. */
export function memberNotAllowed(pointer: string, rule: string): KmsFunctionsError {
  return callerNotAllowed(`${pointer} ${rule}.`);
}
