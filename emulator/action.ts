import type { InputOf, Operation, OutputOf } from '../shared/operation.ts';
import type { Clock } from './clock.ts';
import type { Caller } from './protocol/credential.ts';
import type { Store } from './store/store.ts';

/** What an action works with. */
export interface ActionContext extends Caller {
  readonly store: Store;
  readonly clock: Clock;
  /** The answer's `x-amzn-RequestId`. */
  readonly requestId: string;
}

/**
 * What KMS does on one operation: `emulator/actions/<group>/<operation>.ts` exports it under the function's name.
 * The input has been checked against the declaration. Throws KmsError.
 */
export type Action<O extends Operation> = (
  input: InputOf<O>,
  context: ActionContext,
) => OutputOf<O> | Promise<OutputOf<O>>;
