import {
  type DataKeys,
  type DecryptRequest,
  type GenerateRequest,
  generateSigned,
  type SignedDataKeys,
  type SigningKey,
} from './data-keys.ts';
import type { EncryptionContext } from './format/encryption-context.ts';
import { EnvelopeError } from './format/errors.ts';
import { type CacheLimits, type Cost, PlaintextCache } from './plaintext-cache.ts';

/** The limits of a data key have no defaults, because each is a decision about security. */
export interface DataKeyCacheOptions extends Omit<CacheLimits, 'maxEntries'>, Partial<Pick<CacheLimits, 'maxEntries'>> {
  /** Receives each use of a data key, for metrics. */
  readonly onUse?: (use: DataKeyUse) => void;
}

/** A use of a data key. A `hit` causes no call to KMS. A `bypass` is a request that cannot be cached. */
export interface DataKeyUse {
  readonly operation: 'generate' | 'decrypt';
  readonly result: 'hit' | 'miss' | 'bypass';
}

/** The owner of data keys. Different scopes never share a data key. */
export interface CacheScope {
  /** The caller, the tenant, and everything else that decides which data keys may be used. */
  readonly partition: string;
  /** The ARNs of the wrapping keys. */
  readonly keyIds: readonly string[];
}

export interface DataKeyCache {
  /** Returns data keys that use the cache. Their results state whether they were cached. */
  wrap(dataKeys: DataKeys, scope: CacheScope): SignedDataKeys;
  /** Removes all data keys, and overwrites them with zeros. */
  clear(): void;
}

const defaultMaxEntries = 1000;

/** A message with a longer context, or with more encrypted data keys, is not cached, so that the cache stays small. */
const maxIdentifierLength = 16_384;

const noCost: Cost = { messages: 0, bytes: 0 };

/**
 * Creates a cache that keeps plaintext data keys in memory, so that several messages are sealed or opened with one call
 * to KMS. Each message still has a key of its own, which is derived from the data key and the message id. The data key
 * and the signing key of signed messages are reused together.
 *
 * A hit skips KMS: for `maxAgeSeconds`, a data key works although its KMS key was disabled or a permission was revoked,
 * and CloudTrail records no event.
 */
export function createDataKeyCache({
  onUse = () => {},
  maxEntries = defaultMaxEntries,
  ...dataKeyLimits
}: DataKeyCacheOptions): DataKeyCache {
  const { maxAgeSeconds, maxMessages, maxBytes } = dataKeyLimits;
  const limits: CacheLimits = { maxAgeSeconds, maxMessages, maxBytes, maxEntries };
  checkLimits(limits);
  const cache = new PlaintextCache(limits);

  async function obtain<Value extends { readonly plaintext: Uint8Array }>(
    operation: DataKeyUse['operation'],
    identifier: string,
    cost: Cost | undefined,
    load: () => Promise<Value>,
  ): Promise<Value & { readonly isCached: boolean }> {
    if (cost === undefined || cost.bytes > limits.maxBytes || identifier.length > maxIdentifierLength) {
      onUse({ operation, result: 'bypass' });
      return { ...(await load()), isCached: false };
    }
    const { value, isCached } = await cache.obtain(identifier, cost, () => {
      onUse({ operation, result: 'miss' });
      return load();
    });
    if (isCached) onUse({ operation, result: 'hit' });
    return { ...value, isCached };
  }

  return {
    wrap: (dataKeys, scope) => ({
      generate: (request) =>
        obtain('generate', identifyGenerate(scope, request), costOf(request), () => dataKeys.generate(request)),
      generateSigned: <Key extends SigningKey>(request: GenerateRequest, create: () => Key | Promise<Key>) =>
        obtain('generate', identifyGenerate(scope, request), costOf(request), () =>
          generateSigned(dataKeys, request, create),
        ),
      decrypt: (request) => obtain('decrypt', identifyDecrypt(scope, request), noCost, () => dataKeys.decrypt(request)),
    }),
    clear: () => cache.clear(),
  };
}

/** Throws if a limit is absent or is not a number. JavaScript does not check this, and such a limit would never be reached. */
function checkLimits({ maxAgeSeconds, ...counts }: CacheLimits): void {
  if (!Number.isFinite(maxAgeSeconds) || maxAgeSeconds <= 0)
    throw new EnvelopeError('InvalidOption', 'The cache needs `maxAgeSeconds`, a positive number.');
  for (const [name, limit] of Object.entries(counts))
    if (!Number.isInteger(limit) || limit <= 0)
      throw new EnvelopeError('InvalidOption', `The cache needs \`${name}\`, a positive integer.`);
}

/** Returns what a message counts. A message of unknown length could exceed the limit of bytes, so it is not cached. */
function costOf({ plaintextLength }: GenerateRequest): Cost | undefined {
  return plaintextLength === undefined ? undefined : { messages: 1, bytes: plaintextLength };
}

function identifyGenerate({ partition, keyIds }: CacheScope, { suite, encryptionContext }: GenerateRequest): string {
  return JSON.stringify(['generate', partition, keyIds.toSorted(), suite.id, sortPairs(encryptionContext)]);
}

function identifyDecrypt({ partition, keyIds }: CacheScope, request: DecryptRequest): string {
  const { suite, encryptionContext, encryptedDataKeys } = request;
  const keys = encryptedDataKeys.map(({ providerId, providerInfo, providerInfoBytes, ciphertext }) => [
    providerId,
    providerInfoBytes === undefined ? providerInfo : formatBytes(providerInfoBytes),
    formatBytes(ciphertext),
  ]);
  return JSON.stringify(['decrypt', partition, keyIds.toSorted(), suite.id, sortPairs(encryptionContext), keys]);
}

function sortPairs(context: EncryptionContext): readonly (readonly [string, string])[] {
  return Object.entries(context).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** Writes each byte as one character. */
function formatBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
