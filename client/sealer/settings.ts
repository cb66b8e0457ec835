import { checkCommitmentPolicy } from '../../envelope/format/commitment-policy.ts';
import { resolveFrameLength, resolveOpenLimits } from '../../envelope/format/limits.ts';
import { resolveSealingSuite } from '../../envelope/format/suites.ts';
import type {
  DataKeyCache,
  DataKeyCacheOptions,
  EncryptionContext,
  OpenOptions,
  SealOptions,
} from '../../envelope/index.ts';
import { maxKeys } from '../../functions/envelope/shapes.ts';
import { compact } from '../../shared/declaration/json-object.ts';
import { createClient } from '../create-client.ts';
import { checkOptions, invalidOption } from './check-options.ts';
import { cacheRules, sealerRules } from './option-rules.ts';
import type { DecryptKeyId, KeyClient, SealerDefaults, SealerOptions } from './options.ts';

/** A sealer's options after their defaults were added. */
export interface SealerSettings {
  readonly client: KeyClient;
  /** The first key generates data keys. */
  readonly keyIds: readonly string[];
  readonly decryptKeyId: DecryptKeyId;
  readonly encryptionContext: EncryptionContext;
  readonly seal: Pick<SealOptions, 'suite' | 'frameLength'>;
  readonly open: Omit<OpenOptions, 'dataKeys' | 'encryptionContext'>;
  readonly cache: DataKeyCache | undefined;
}

/** Checks all options before the first call, so that a mistake does not appear only when the first message is opened. */
export function resolveSettings(
  options: SealerOptions,
  createCache: (options: DataKeyCacheOptions) => DataKeyCache,
): SealerSettings {
  checkOptions<SealerDefaults & Partial<Record<'client' | 'transport', unknown>>>('sealer', options, sealerRules);
  const { client, transport, keyId, additionalKeyIds = [], cache, decryptKeyId = 'message' } = options;
  const { suite, frameLength, commitmentPolicy } = options;
  const { maxEncryptedDataKeys, maxFrameLength, maxHeaderBytes, maxFrames } = options;
  if ((client === undefined) === (transport === undefined))
    throw invalidOption('A sealer needs either `client` or `transport`.');
  if (keyId === undefined && additionalKeyIds.length > 0) throw invalidOption('`additionalKeyIds` needs `keyId`.');
  const keyIds = keyId === undefined ? [] : [...new Set([keyId, ...additionalKeyIds])];
  // The limit of the operation Open, so that it can open the sealer's messages.
  if (keyIds.length > maxKeys) throw invalidOption(`A message can have at most ${maxKeys} keys.`);
  resolveSealingSuite(suite);
  resolveFrameLength(frameLength);
  checkCommitmentPolicy(commitmentPolicy);
  resolveOpenLimits({ maxEncryptedDataKeys, maxFrameLength, maxHeaderBytes, maxFrames });
  return {
    client: client ?? createClient({ transport }),
    keyIds,
    decryptKeyId,
    encryptionContext: { ...options.encryptionContext },
    seal: compact({ suite, frameLength }),
    open: compact({ commitmentPolicy, maxEncryptedDataKeys, maxFrameLength, maxHeaderBytes, maxFrames }),
    cache: cache && createCache(checkOptions('cache', cache, cacheRules)),
  };
}
