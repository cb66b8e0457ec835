import { idempotencyVariables } from '../../shared/config/idempotency-settings.ts';
import { acceptsIdempotencyKey } from '../../shared/declaration/idempotency-key.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { idempotencyTableName } from './table.ts';

/** Returns `true` if the operation's function accepts idempotency keys in this deployment. */
export function isIdempotent(operation: Operation, { parameters }: Pick<Deployment, 'parameters'>): boolean {
  return parameters.idempotency && acceptsIdempotencyKey(operation);
}

/** Builds the environment variables of an idempotent function. */
export function buildIdempotencyEnvironment(deployment: Deployment): Record<string, string> {
  return { [idempotencyVariables.table]: idempotencyTableName(deployment) };
}
