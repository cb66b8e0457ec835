import type { Operation, OperationInput, OperationOutput } from '../../shared/declaration/operation.ts';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/credential.ts';
import type { Store } from '../store/store.ts';

/** What an action works with. */
export interface ActionContext extends Caller {
  readonly store: Store;
  readonly clock: Clock;
  /** The answer's `x-amzn-RequestId`. */
  readonly requestId: string;
}

/**
 * What KMS does on one operation: `emulator/operations/<group>/<operation>.ts` exports it under the function's name.
 * The input has been checked against the declaration. Throws KmsError.
 */
export type Action<O extends Operation> = (
  input: OperationInput<O>,
  context: ActionContext,
) => OperationOutput<O> | Promise<OperationOutput<O>>;
