import type { JsonObject, Operation } from './operation.ts';

/** Returns `true` if a request may be sent again after its response is lost. */
export function isRetrySafe({ retrySafety }: Pick<Operation, 'retrySafety'>, input: JsonObject): boolean {
  if (retrySafety === 'safe') return true;
  return retrySafety.safeWith !== undefined && typeof input[retrySafety.safeWith] === 'string';
}
