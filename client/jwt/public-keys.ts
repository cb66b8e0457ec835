import type { CallOptions } from '../calls/call-operation.ts';
import type { Client } from '../client.ts';
import type { OutputFor } from '../operation-types.ts';
import { computeThumbprint, toKeyMembers } from './json-web-key.ts';
import { selectAlgorithm } from './jwt-algorithms.ts';

/** A public key, and the `kid` that identifies it by default. */
export interface KnownKey {
  readonly key: OutputFor<'getPublicKey'>;
  readonly members: Awaited<ReturnType<typeof toKeyMembers>>;
  readonly thumbprint: string;
}

export type KeyReader = Pick<Client, 'getPublicKey'>;

/** More keys than a service signs with. When a cache is full, it forgets its oldest key. */
const maxKeys = 1_000;
const caches = new WeakMap<KeyReader, Map<string, Promise<KnownKey>>>();

/**
 * Returns a public key. Keeps it for later calls of the same client, because a key's public key never changes. An alias can
 * change its key, which callers detect by the key ARN in the response to Sign. They then call `forgetPublicKey`.
 */
export function readPublicKey(client: KeyReader, keyId: string, options?: CallOptions): Promise<KnownKey> {
  const cache = caches.get(client) ?? new Map<string, Promise<KnownKey>>();
  caches.set(client, cache);
  const read = () => keep(cache, keyId, describeKey(client, keyId, options));
  // The request of another call can fail for reasons of that call alone, such as its signal and its time limit.
  return cache.get(keyId)?.catch(read) ?? read();
}

function keep(cache: Map<string, Promise<KnownKey>>, keyId: string, known: Promise<KnownKey>): Promise<KnownKey> {
  const [oldest] = cache.keys();
  if (oldest !== undefined && cache.size >= maxKeys) cache.delete(oldest);
  cache.set(keyId, known);
  known.catch(() => {
    if (cache.get(keyId) === known) cache.delete(keyId);
  });
  return known;
}

/** Lets the next call for this key identifier read the public key again. */
export function forgetPublicKey(client: KeyReader, keyId: string): void {
  caches.get(client)?.delete(keyId);
}

async function describeKey(client: KeyReader, keyId: string, options?: CallOptions): Promise<KnownKey> {
  const key = await client.getPublicKey({ KeyId: keyId }, options);
  // Rejects keys that no token can use, before their public key is read.
  selectAlgorithm(key);
  const members = await toKeyMembers(key);
  return { key, members, thumbprint: await computeThumbprint(members) };
}
