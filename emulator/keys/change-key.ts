import type { Key } from '../core/key-record.ts';
import type { KeyOperation } from '../core/key-states.ts';
import type { OperationContext } from './operation-context.ts';
import { resolveKey } from './resolve-key.ts';

/**
 * Resolves a key, changes its record and saves the key in one transaction. Rejects aliases. If `change` throws, nothing
 * is saved.
 */
export function changeKey(
  context: OperationContext,
  identifier: string,
  operation: KeyOperation,
  change: (key: Key) => void,
): Key {
  return context.store.write(() => {
    const key = resolveKey(context, identifier, { operation });
    change(key);
    context.store.keys.save(key);
    return key;
  });
}
