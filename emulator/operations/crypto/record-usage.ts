import { randomUUID } from 'node:crypto';
import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import type { OperationContext } from '../../keys/operation-context.ts';

/** Records a successful cryptographic operation for GetKeyLastUsage. */
export function recordUsage({ store, clock, requestId }: OperationContext, key: Key, operation: KeyOperation): void {
  store.lastUsages.record(key, { operation, usedMs: clock.now(), requestId, eventId: randomUUID() });
}
