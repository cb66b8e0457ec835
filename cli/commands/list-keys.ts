import type { Client } from '../../client/client.ts';
import { KmsFunctionsClientError } from '../../client/errors.ts';
import type { OutputFor } from '../../client/operation-types.ts';
import { formatTable } from '../output/text-table.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { mapConcurrently } from './map-concurrently.ts';

type KeyMetadata = OutputFor<'describeKey'>['KeyMetadata'];

interface ListedKey {
  readonly KeyId: string;
  readonly KeyArn: string;
  /** Absent if the caller may not list aliases. */
  readonly Aliases?: readonly string[];
  /** Only with `--details`. */
  readonly KeyMetadata?: KeyMetadata;
}

/** The number of DescribeKey calls at the same time. */
const concurrency = 8;

export async function listKeys(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const client = await invocation.connect();
  const aliases = await listAliases(client, invocation);
  const keys: ListedKey[] = [];
  for await (const { KeyId, KeyArn } of client.paginate.listKeys().items()) {
    keys.push({ KeyId, KeyArn, ...(aliases && { Aliases: aliases.get(KeyId) ?? [] }) });
  }
  const listed = flags.details ? await mapConcurrently(keys, concurrency, (key) => describe(client, key)) : keys;
  if (flags.json) return writeJson({ Keys: listed }, invocation);
  if (listed.length === 0) {
    return writeLine(terminal.stdout, 'There are no keys. `kms-functions keys create` creates one.');
  }
  await writeLine(terminal.stdout, formatKeys(listed, flags.details ?? false));
}

/** Returns the alias names by key id. Returns `undefined`, with a note, if the caller may not list aliases. */
async function listAliases(client: Client, { terminal }: Invocation): Promise<Map<string, string[]> | undefined> {
  const aliases = new Map<string, string[]>();
  try {
    for await (const { AliasName, TargetKeyId } of client.paginate.listAliases().items()) {
      if (TargetKeyId === undefined) continue;
      const names = aliases.get(TargetKeyId) ?? [];
      aliases.set(TargetKeyId, [...names, AliasName]);
    }
    return aliases;
  } catch (error) {
    if (!(error instanceof KmsFunctionsClientError) || (error.status !== 403 && error.status !== 404)) throw error;
    await writeLine(
      terminal.stderr,
      'kms-functions: The list contains no aliases, because this caller may not list them.',
    );
    return undefined;
  }
}

async function describe(client: Client, key: ListedKey): Promise<ListedKey> {
  const { KeyMetadata } = await client.describeKey({ KeyId: key.KeyId });
  return { ...key, KeyMetadata };
}

function formatKeys(keys: readonly ListedKey[], details: boolean): string {
  const rows = keys.map(({ KeyId, Aliases = [], KeyMetadata }) => [
    KeyId,
    ...(KeyMetadata ? [KeyMetadata.KeyState, KeyMetadata.KeySpec, KeyMetadata.KeyUsage] : []),
    Aliases.join(', ') || '-',
    ...(KeyMetadata ? [KeyMetadata.Description || '-'] : []),
  ]);
  const headings = details ? ['KEY ID', 'STATE', 'SPEC', 'USAGE', 'ALIASES', 'DESCRIPTION'] : ['KEY ID', 'ALIASES'];
  return formatTable(headings, rows);
}
