import type { JsonObject, Operation } from './operation.ts';

/** Returns `true` if a request may be sent again after its response is lost. */
export function isRetrySafe({ retrySafety }: Pick<Operation, 'retrySafety'>, input: JsonObject): boolean {
  return typeof retrySafety === 'object' ? typeof input[retrySafety.safeWith] === 'string' : retrySafety === 'safe';
}
