import type { SigningKey } from '../../envelope/data-keys.ts';
import { omitReservedPairs } from '../../envelope/format/encryption-context.ts';
import type { DataKey, DataKeyCache, DataKeys, GenerateRequest } from '../../envelope/index.ts';
import { createKmsDataKeys } from './kms-data-keys.ts';
import type { MessageOptions, SealInfo } from './options.ts';
import type { SealerSettings } from './settings.ts';

type CachedDataKeys = ReturnType<DataKeyCache['wrap']>;

interface MessageDataKeysOptions extends Pick<MessageOptions, 'signal'> {
  /** Receives the facts about a message to seal, before its first byte is written. */
  readonly onSeal?: (info: SealInfo) => void;
}

/** Returns the data keys for one message. */
export function createMessageDataKeys(
  settings: SealerSettings,
  { signal, onSeal = () => {} }: MessageDataKeysOptions,
): DataKeys {
  const dataKeys = connect(settings, signal);
  const report = async <Key extends DataKey>(request: GenerateRequest, dataKey: Promise<Key>): Promise<Key> => {
    const generated = await waitForKey(dataKey, signal);
    onSeal(describeSealing(request, generated));
    return generated;
  };
  return {
    generate: (request) => report(request, dataKeys.generate(request)),
    decrypt: (request) => waitForKey(dataKeys.decrypt(request), signal),
    ...('generateSigned' in dataKeys && {
      generateSigned: <Key extends SigningKey>(request: GenerateRequest, create: () => Key | Promise<Key>) =>
        report(request, dataKeys.generateSigned(request, create)),
    }),
  };
}

function connect(settings: SealerSettings, signal: AbortSignal | undefined): DataKeys | CachedDataKeys {
  const { cache, keyIds } = settings;
  if (cache === undefined) return createKmsDataKeys(settings, { signal });
  // Several messages may wait for the same data key, so one message's signal must not abort the call.
  return cache.wrap(createKmsDataKeys(settings, {}), { partition: 'sealer', keyIds });
}

/** Waits for a data key. Rejects when the signal is aborted, and then overwrites the data key when it arrives. */
async function waitForKey<Key extends { readonly plaintext: Uint8Array }>(
  dataKey: Promise<Key>,
  signal: AbortSignal | undefined,
): Promise<Key> {
  if (signal === undefined) return dataKey;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([aborted, dataKey]);
  } catch (error) {
    dataKey.then(
      ({ plaintext }) => plaintext.fill(0),
      () => {},
    );
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function describeSealing(
  { suite, encryptionContext }: GenerateRequest,
  { encryptedDataKeys, isCached = false }: DataKey,
): SealInfo {
  return {
    encryptionContext: omitReservedPairs(encryptionContext),
    keyArns: encryptedDataKeys.map(({ providerInfo }) => providerInfo),
    ...{ suite: suite.name, isCached },
  };
}
