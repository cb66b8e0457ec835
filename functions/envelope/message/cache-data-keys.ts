import {
  createDataKeyCache,
  type DataKey,
  type DataKeyCache,
  type DataKeys,
  type SignedDataKeys,
} from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';

/** A function instance has one cache. Tests call a handler with several configurations. */
const caches = new WeakMap<FunctionConfig, DataKeyCache>();

/** The parts of a call that determine its data keys, in addition to the suite and the encryption context. */
interface CachedKeys {
  readonly keyIds: readonly string[];
  readonly grantTokens: readonly string[] | undefined;
}

/** The checks of a data key from the cache. They are those of a data key from KMS. */
interface Checks {
  readonly generated?: (keyArns: readonly string[]) => Promise<void>;
  readonly decrypted?: DataKeyCheck;
}

type DataKeyCheck = (request: Parameters<DataKeys['decrypt']>[0]) => Promise<void>;

/**
 * Takes data keys from the function instance's cache, if the deployment has one. Different operations, callers, tenants
 * and keys never share a data key, even if their messages have the same encryption context.
 */
export function cacheDataKeys(
  call: Call,
  dataKeys: Partial<DataKeys>,
  keys: CachedKeys,
  checks: Checks,
): DataKeys | SignedDataKeys {
  const complete: DataKeys = { generate: rejectUse, decrypt: rejectUse, ...dataKeys };
  const cache = findCache(call.config);
  if (cache === undefined) return complete;
  const cached = cache.wrap(complete, { partition: describePartition(call, keys), keyIds: keys.keyIds });
  const checkGenerated = <Key extends DataKey>(key: Key) =>
    checkCached(call, key, () => checks.generated?.(key.encryptedDataKeys.map(({ providerInfo }) => providerInfo)));
  return {
    generate: async (request) => checkGenerated(await cached.generate(request)),
    generateSigned: async (request, create) => checkGenerated(await cached.generateSigned(request, create)),
    decrypt: async (request) => {
      const key = await cached.decrypt(request);
      const used = key.encryptedDataKey === undefined ? request.encryptedDataKeys : [key.encryptedDataKey];
      return checkCached(call, key, () => checks.decrypted?.({ ...request, encryptedDataKeys: used }));
    },
  };
}

function findCache(config: FunctionConfig): DataKeyCache | undefined {
  if (config.dataKeyCache === undefined) return undefined;
  const cache = caches.get(config) ?? createDataKeyCache(config.dataKeyCache);
  caches.set(config, cache);
  return cache;
}

function describePartition({ operation, caller, tenant }: Call, { keyIds, grantTokens }: CachedKeys): string {
  const { kind, issuer, principal } = caller;
  return JSON.stringify([operation.name, kind, issuer, principal, tenant, keyIds, grantTokens]);
}

/** Records the source of a data key. Checks one from the cache, and overwrites it with zeros if the check fails. */
async function checkCached<Key extends { readonly isCached?: boolean; readonly plaintext: Uint8Array }>(
  call: Call,
  key: Key,
  check: () => Promise<void> | undefined,
): Promise<Key> {
  const { isCached = false, plaintext } = key;
  call.dataKeySource = isCached ? 'cache' : 'kms';
  try {
    if (isCached) await check();
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
  return key;
}

function rejectUse(): never {
  throw new TypeError('The operation does not use these data keys.');
}
