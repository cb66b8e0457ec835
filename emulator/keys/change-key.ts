import type { Key } from '../core/key-record.ts';
import type { KeyOperation } from '../core/key-states.ts';
import type { OperationContext } from './operation-context.ts';
import { resolveKey } from './resolve-key.ts';

/**
 * Resolves a key, changes its record and saves it in one transaction. Does not accept aliases. Nothing is saved if `change`
 * throws.
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
