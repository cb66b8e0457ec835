import type { Key } from '../core/key-record.ts';
import type { KeyOperation } from '../core/key-states.ts';
import type { ActionContext } from './operation-context.ts';
import { findKeyWithoutAlias } from './resolve-key.ts';

/** Finds a key (not by alias), changes its record and saves it, as one transaction. `change` may throw to undo. */
export function changeKey(
  context: ActionContext,
  identifier: string,
  operation: KeyOperation,
  change: (key: Key) => void,
): Key {
  return context.store.write(() => {
    const key = findKeyWithoutAlias(context, identifier, operation);
    change(key);
    context.store.keys.save(key);
    return key;
  });
}
