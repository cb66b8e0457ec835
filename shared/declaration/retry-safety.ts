import type { JsonObject, Operation } from './operation.ts';

/** Returns whether the request may be sent again if the response to the first one was lost. */
export function isRetrySafe({ retrySafety }: Pick<Operation, 'retrySafety'>, input: JsonObject): boolean {
  return typeof retrySafety === 'object' ? typeof input[retrySafety.safeWith] === 'string' : retrySafety === 'safe';
}
