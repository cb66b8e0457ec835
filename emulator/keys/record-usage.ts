import { randomUUID } from 'node:crypto';
import type { ActionContext } from '../action.ts';
import type { Key } from './key-record.ts';
import type { KeyOperation } from './states.ts';

/** Notes, for GetKeyLastUsage, that a cryptographic operation with the key has succeeded. */
export function recordUsage({ store, clock, requestId }: ActionContext, key: Key, operation: KeyOperation): void {
  store.lastUsages.note(key, { operation, usedMs: clock.now(), requestId, eventId: randomUUID() });
}
