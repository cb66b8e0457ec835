import type { InputFor } from '../../client/operation-types.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { formatKeyMetadata } from './change-key.ts';
import { toJsonResponse } from './json-response.ts';

type CreateKeyInput = InputFor<'createKey'>;

export async function createKey(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const { description, spec, usage, multiRegion, tag, alias } = flags;
  const client = await invocation.connect();
  const response = await client.createKey({
    ...(description !== undefined && { Description: description }),
    ...(spec !== undefined && { KeySpec: spec as NonNullable<CreateKeyInput['KeySpec']> }),
    ...(usage !== undefined && { KeyUsage: usage as NonNullable<CreateKeyInput['KeyUsage']> }),
    ...(multiRegion && { MultiRegion: true }),
    ...(tag && { Tags: Object.entries(tag).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }),
  });
  // Prints the key first, because the key exists even if the alias cannot be created.
  if (flags.json) await writeJson(await toJsonResponse('CreateKey', response), invocation);
  else await writeLine(terminal.stdout, formatKeyMetadata(response.KeyMetadata));
  if (alias !== undefined) await client.createAlias({ AliasName: alias, TargetKeyId: response.KeyMetadata.KeyId });
}
