import {
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  type GetKeyLastUsageCommandOutput,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import { useEffect, useRef, useState } from 'preact/hooks';
import { kmsReads } from '../state/kms.ts';
import { revision } from '../state/revision.ts';
import { session } from '../state/session.ts';

export interface KeyDetails {
  readonly metadata?: KeyMetadata | undefined;
  readonly lastUsage?: GetKeyLastUsageCommandOutput['KeyLastUsage'] | undefined;
  /** AWS's code, if the caller may not read the key's metadata. */
  readonly errorCode?: string;
}

/** The number of keys whose details the list adds at once. */
const batchSize = 50;

/** Loads the details of keys, and loads them again after each change in the emulator. */
export function useKeyDetails(keyIds: readonly string[]): ReadonlyMap<string, KeyDetails> {
  const [details, setDetails] = useState<ReadonlyMap<string, KeyDetails>>(new Map());
  const scope = JSON.stringify(session.value);
  const version = `${scope} ${revision.value}`;
  const fresh = useRef({ scope, version, keyIds: new Set<string>() });
  const wanted = keyIds.join(' ');
  useEffect(() => {
    if (fresh.current.scope !== scope) setDetails(new Map());
    if (fresh.current.version !== version) fresh.current = { scope, version, keyIds: new Set() };
    const { keyIds: loaded } = fresh.current;
    const missing = wanted.split(' ').filter((keyId) => keyId !== '' && !loaded.has(keyId));
    let isCurrent = true;
    const load = async () => {
      for (let start = 0; start < missing.length; start += batchSize) {
        const batch = missing.slice(start, start + batchSize);
        const read = await Promise.all(batch.map(async (keyId) => [keyId, await readDetails(keyId)] as const));
        if (!isCurrent) return;
        for (const keyId of batch) loaded.add(keyId);
        setDetails((earlier) => new Map([...earlier, ...read]));
      }
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [scope, version, wanted]);
  return details;
}

async function readDetails(KeyId: string): Promise<KeyDetails> {
  try {
    const [{ KeyMetadata }, lastUsage] = await Promise.all([
      kmsReads().send(new DescribeKeyCommand({ KeyId })),
      readLastUsage(KeyId),
    ]);
    return { metadata: KeyMetadata, lastUsage };
  } catch (error) {
    return { errorCode: (error as Error).name };
  }
}

/** Returns `undefined` if the caller may not read the last use. The list still shows the other columns. */
async function readLastUsage(KeyId: string): Promise<KeyDetails['lastUsage']> {
  try {
    const { KeyLastUsage } = await kmsReads().send(new GetKeyLastUsageCommand({ KeyId }));
    return KeyLastUsage;
  } catch {
    return undefined;
  }
}
