import type { Operation, OperationInput, OperationOutput } from '../../shared/declaration/operation.ts';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/credential.ts';
import type { Key } from '../core/key-record.ts';
import type { KmsError } from '../core/kms-error.ts';
import type { Store } from '../store/store.ts';

/** The context of one request, which authorization and the operation share. */
export interface OperationContext extends Caller {
  readonly store: Store;
  readonly clock: Clock;
  /** True if the emulator has AWS managed keys and their predefined aliases. */
  readonly hasAwsManagedKeys: boolean;
  /** The response's `x-amzn-RequestId`. */
  readonly requestId: string;
  /** The keys and errors that this request has looked up, by key identifier. Only `findKey` uses this map. */
  readonly resolvedKeys: Map<string, Key | KmsError>;
}

/**
 * Performs one operation. Each `emulator/operations/<group>/<operation>.ts` exports its handler under the operation's
 * function name. The input is already validated against the declaration. Handlers throw KmsError.
 */
export type OperationHandler<O extends Operation> = (
  input: OperationInput<O>,
  context: OperationContext,
) => OperationOutput<O> | Promise<OperationOutput<O>>;
