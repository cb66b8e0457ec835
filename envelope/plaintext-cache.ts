import { copyBytes } from './format/byte-writer.ts';

/** The limits of a cache of data keys. */
export interface CacheLimits {
  /** How long a data key may be used. */
  readonly maxAgeSeconds: number;
  /** The number of messages that may be sealed with one data key. */
  readonly maxMessages: number;
  /** The number of plaintext bytes that may be sealed with one data key. */
  readonly maxBytes: number;
  /** The number of data keys in the cache. Beyond it, the least recently used data keys are removed. */
  readonly maxEntries: number;
}

/** What one use of a data key counts toward its limits. */
export interface Cost {
  readonly messages: number;
  readonly bytes: number;
}

interface Entry<Value> {
  /** Owned by the cache. Callers receive copies. */
  readonly value: Value;
  readonly createdMs: number;
  messages: number;
  bytes: number;
}

type Secret = { readonly plaintext: Uint8Array };

/** Keeps values with a plaintext key in memory, within limits. Overwrites each plaintext with zeros when it is removed. */
export class PlaintextCache {
  readonly #limits: CacheLimits;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry<Secret>>();
  readonly #loading = new Map<string, Promise<Secret>>();
  #timesCleared = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** Returns the cached value, or loads it. Concurrent requests for one key load it once. */
  async obtain<Value extends Secret>(
    key: string,
    cost: Cost,
    load: () => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly isCached: boolean }> {
    for (;;) {
      const entry = this.#find(key);
      if (entry !== undefined && this.#spend(key, entry, cost))
        return { value: copy(entry.value as Value), isCached: true };
      const loading = this.#loading.get(key);
      if (loading === undefined) break;
      await loading;
    }
    const loading = this.#load(key, cost, load).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return { value: await loading, isCached: false };
  }

  clear(): void {
    this.#timesCleared += 1;
    for (const key of this.#entries.keys()) this.#remove(key);
  }

  async #load<Value extends Secret>(key: string, cost: Cost, load: () => Promise<Value>): Promise<Value> {
    // The age includes the time of the call, during which the key's permissions may change.
    const createdMs = Date.now();
    const timesCleared = this.#timesCleared;
    const value = await load();
    if (timesCleared === this.#timesCleared) this.#store(key, { value: copy(value), createdMs, ...cost });
    return value;
  }

  #store(key: string, entry: Entry<Secret>): void {
    for (const other of this.#entries.keys()) this.#find(other);
    this.#remove(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries) break;
      this.#remove(oldest);
    }
  }

  /** Returns an entry that is not too old. Removes it otherwise. */
  #find(key: string): Entry<Secret> | undefined {
    const entry = this.#entries.get(key);
    const ageMs = Date.now() - (entry?.createdMs ?? 0);
    // A negative age means that the clock was set back, so the age is not known.
    if (entry !== undefined && ageMs >= 0 && ageMs < this.#limits.maxAgeSeconds * 1000) return entry;
    this.#remove(key);
    return undefined;
  }

  /** Counts a use of an entry. Returns false, and removes the entry, if the use exceeds a limit. */
  #spend(key: string, entry: Entry<Secret>, { messages, bytes }: Cost): boolean {
    const { maxMessages, maxBytes } = this.#limits;
    if (entry.messages + messages > maxMessages || entry.bytes + bytes > maxBytes) {
      this.#remove(key);
      return false;
    }
    entry.messages += messages;
    entry.bytes += bytes;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return true;
  }

  #remove(key: string): void {
    this.#entries.get(key)?.value.plaintext.fill(0);
    this.#entries.delete(key);
  }
}

function copy<Value extends Secret>(value: Value): Value {
  return { ...value, plaintext: copyBytes(value.plaintext) };
}
