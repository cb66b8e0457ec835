import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/** A refusal of the caller: the reason in one sentence, without any value of the request. */
export function notAllowed(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('CallerNotAllowedError', detail);
}

/** The same of one member. */
export function memberNotAllowed(pointer: string, rule: string): KmsFunctionsError {
  return notAllowed(`${pointer} ${rule}.`);
}
