import { type KMSClient, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms';

export interface KeyEntry {
  readonly keyId: string;
  readonly aliases: readonly string[];
}

/** Lists all keys in the Region with their aliases. Keys with an alias come first, in the order of their aliases. */
export async function listAllKeys(client: KMSClient): Promise<readonly KeyEntry[]> {
  const [keyIds, aliases] = await Promise.all([listKeyIds(client), listAliasesByKey(client)]);
  return keyIds.map((keyId) => ({ keyId, aliases: aliases.get(keyId) ?? [] })).sort(compareEntries);
}

function compareEntries(a: KeyEntry, b: KeyEntry): number {
  const [aliasOfA, aliasOfB] = [a.aliases[0], b.aliases[0]];
  if (aliasOfA !== undefined && aliasOfB !== undefined) return aliasOfA.localeCompare(aliasOfB, 'en');
  if (aliasOfA === undefined && aliasOfB === undefined) return a.keyId.localeCompare(b.keyId, 'en');
  return aliasOfA === undefined ? 1 : -1;
}

async function listKeyIds(client: KMSClient): Promise<string[]> {
  const ids: string[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client, pageSize: 1000 }, {})) {
    ids.push(...Keys.flatMap(({ KeyId }) => KeyId ?? []));
  }
  return ids;
}

async function listAliasesByKey(client: KMSClient): Promise<Map<string, string[]>> {
  const byKey = new Map<string, string[]>();
  for await (const { Aliases = [] } of paginateListAliases({ client, pageSize: 100 }, {})) {
    for (const { AliasName = '', TargetKeyId } of Aliases) {
      if (TargetKeyId !== undefined) byKey.set(TargetKeyId, [...(byKey.get(TargetKeyId) ?? []), AliasName]);
    }
  }
  return byKey;
}
