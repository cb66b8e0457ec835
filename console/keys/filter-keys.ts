import type { KeyEntry } from './list-all-keys.ts';
import type { KeyDetails } from './use-key-details.ts';

/** Returns the keys whose alias, id, description, spec, usage or state contains every word of the filter. */
export function filterKeys(
  keys: readonly KeyEntry[],
  details: ReadonlyMap<string, KeyDetails>,
  filter: string,
): readonly KeyEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return keys;
  return keys.filter((key) => {
    const text = collectText(key, details.get(key.keyId)).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function collectText({ keyId, aliases }: KeyEntry, details: KeyDetails | undefined): string {
  const { Description, KeySpec, KeyUsage, KeyState } = details?.metadata ?? {};
  return [keyId, ...aliases, Description, KeySpec, KeyUsage, KeyState].join('\n');
}
