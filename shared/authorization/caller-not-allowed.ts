import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/** Creates the error for a caller who may not do what the request asks. The sentence contains no value of the request. */
export function callerNotAllowed(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('CallerNotAllowedError', detail);
}

/** Creates the same error for one member of the request. */
export function memberNotAllowed(pointer: string, rule: string): KmsFunctionsError {
  return callerNotAllowed(`${pointer} ${rule}.`);
}
