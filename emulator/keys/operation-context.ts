import type { Operation, OperationInput, OperationOutput } from '../../shared/declaration/operation.ts';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/credential.ts';
import type { Key } from '../core/key-record.ts';
import type { KmsError } from '../core/kms-error.ts';
import type { Store } from '../store/store.ts';

/** The caller, request and state that authorization and the operation share during one request. */
export interface OperationContext extends Caller {
  readonly store: Store;
  readonly clock: Clock;
  /** The response's `x-amzn-RequestId`. */
  readonly requestId: string;
  /** The keys that this request has resolved, by identifier. Only `findKey` reads and writes them. */
  readonly resolvedKeys: Map<string, Key | KmsError>;
}

/**
 * Performs one operation. `emulator/operations/<group>/<operation>.ts` exports it under the operation's function name.
 * The input has already been validated against the declaration. Throws KmsError.
 */
export type OperationHandler<O extends Operation> = (
  input: OperationInput<O>,
  context: OperationContext,
) => OperationOutput<O> | Promise<OperationOutput<O>>;
