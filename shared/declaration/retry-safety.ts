import type { JsonObject, Operation } from './operation.ts';

/** These make something on each call without answering 201: a new backing key. */
const alsoOnce = new Set(['RotateKeyOnDemand']);

/**
 * These make nothing twice although they answer 201: a grant of the same name and members is the same grant
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Name).
 */
const repeatable: Readonly<Record<string, (input: JsonObject) => boolean>> = {
  CreateGrant: (input) => typeof input.Name === 'string',
};

/** Whether a second call, after a first whose answer was lost, could make a second thing. */
export function isOnceOnly(operation: Operation, input: JsonObject): boolean {
  if (alsoOnce.has(operation.name)) return true;
  return operation.routes.some(({ status }) => status === 201) && !repeatable[operation.name]?.(input);
}
