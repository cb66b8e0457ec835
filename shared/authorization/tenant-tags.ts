import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import type { Call } from '../call/call.ts';
import { parseArn } from '../declaration/arn.ts';
import { lookUp } from '../kms/send.ts';

/**
 * The time for which a tag that allows access is cached. KMS itself takes up to five minutes to apply a changed tag
 * (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html).
 */
const ownTtlMs = 300_000;
/** The time for which another tenant's tag, or a missing tag, is cached. */
const otherTtlMs = 60_000;
const defaultMaxEntries = 10_000;

interface Entry {
  readonly tag: string | undefined;
  readonly readAtMs: number;
}

/** Returns the tenant tag of the key with this ARN, or `undefined` if the key does not have the tag. */
export type ReadTenantTag = (call: Call, arn: string, tenant: string) => Promise<string | undefined>;

/**
 * Creates a function that reads and caches the tenant tags of keys. If the cache is full, it removes the least recently
 * used entry. At most one lookup per key is in flight. A failed lookup is not cached.
 */
export function createTenantTagReader(tagKey: string, maxEntries = defaultMaxEntries): ReadTenantTag {
  // A Map iterates in insertion order, and each use inserts an entry again. The first entry is the least recently used.
  const entries = new Map<string, Entry>();
  const inFlight = new Map<string, Promise<string | undefined>>();

  async function readTag(call: Call, arn: string): Promise<string | undefined> {
    const tag = await lookUpTag(call, arn, tagKey);
    remember(arn, { tag, readAtMs: performance.now() });
    return tag;
  }

  function remember(arn: string, entry: Entry): void {
    entries.delete(arn);
    const [oldest] = entries.keys();
    if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
    entries.set(arn, entry);
  }

  return (call, arn, tenant) => {
    const known = entries.get(arn);
    if (known !== undefined) {
      const ttlMs = known.tag === tenant ? ownTtlMs : otherTtlMs;
      if (performance.now() - known.readAtMs < ttlMs) {
        remember(arn, known);
        return Promise.resolve(known.tag);
      }
    }
    // The other call's lookup may fail because that call has less time.
    const shared = inFlight.get(arn)?.catch(() => readTag(call, arn));
    if (shared !== undefined) return shared;
    const pending = readTag(call, arn).finally(() => inFlight.delete(arn));
    inFlight.set(arn, pending);
    return pending;
  };
}

async function lookUpTag(call: Call, arn: string, tagKey: string): Promise<string | undefined> {
  let Marker: string | undefined;
  do {
    const page = await lookUp(call, parseArn(arn)?.region, new ListResourceTagsCommand({ KeyId: arn, Marker }));
    const found = page.Tags?.find(({ TagKey }) => TagKey === tagKey);
    if (found !== undefined) return found.TagValue ?? '';
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  return undefined;
}
