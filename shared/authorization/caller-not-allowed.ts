import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/** Creates the error for a request that its caller may not make. `detail` must not contain values from the request. */
export function callerNotAllowed(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('CallerNotAllowedError', detail);
}

/** Creates the same error for one member in the request. */
export function memberNotAllowed(pointer: string, rule: string): KmsFunctionsError {
  return callerNotAllowed(`${pointer} ${rule}.`);
}
