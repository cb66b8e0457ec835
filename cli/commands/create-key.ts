import type { Client } from '../../client/client.ts';
import { KmsFunctionsClientError } from '../../client/errors.ts';
import type { InputFor } from '../../client/operation-types.ts';
import { UsageError } from '../exit-codes.ts';
import { ExplainedError } from '../explained-error.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { formatKeyMetadata } from './change-key.ts';
import { checkAliasName, checkNewAlias } from './check-new-alias.ts';
import { toJsonResponse } from './json-response.ts';

type CreateKeyInput = InputFor<'createKey'>;

export async function createKey(invocation: Invocation): Promise<void> {
  const { flags, terminal } = invocation;
  const { description, spec, usage, multiRegion, tag, alias, idempotencyKey } = flags;
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-KeyUsage
  if (spec !== undefined && spec !== 'SYMMETRIC_DEFAULT' && usage === undefined) {
    throw new UsageError(`A key with the spec ${spec} requires --usage, such as --usage ${selectUsage(spec)}.`);
  }
  if (alias !== undefined) checkAliasName(alias);
  const client = await invocation.connect();
  const aliasedKey = alias === undefined ? undefined : await checkNewAlias(client, alias, idempotencyKey !== undefined);
  const response = await client.createKey({
    ...(description !== undefined && { Description: description }),
    ...(spec !== undefined && { KeySpec: spec as NonNullable<CreateKeyInput['KeySpec']> }),
    ...(usage !== undefined && { KeyUsage: usage as NonNullable<CreateKeyInput['KeyUsage']> }),
    ...(multiRegion && { MultiRegion: true }),
    ...(idempotencyKey !== undefined && { IdempotencyKey: idempotencyKey }),
    ...(tag && { Tags: Object.entries(tag).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }),
  });
  // Prints the key first, because the key exists even if the alias cannot be created.
  if (flags.json) await writeJson(await toJsonResponse('CreateKey', response), invocation);
  else await writeLine(terminal.stdout, formatKeyMetadata(response.KeyMetadata));
  // An earlier run of the same command created the alias.
  if (alias !== undefined && aliasedKey !== response.KeyMetadata.KeyId)
    await createAlias(client, alias, response.KeyMetadata.KeyId);
}

/** Returns a usage that a key with this spec can have. */
function selectUsage(spec: string): CreateKeyInput['KeyUsage'] {
  if (spec.startsWith('HMAC_')) return 'GENERATE_VERIFY_MAC';
  return spec.startsWith('ML_KEM_') ? 'ENCAPSULATE_DECAPSULATE' : 'SIGN_VERIFY';
}

async function createAlias(client: Client, AliasName: string, TargetKeyId: string): Promise<void> {
  try {
    await client.createAlias({ AliasName, TargetKeyId });
  } catch (error) {
    if (!(error instanceof KmsFunctionsClientError)) throw error;
    const hint = `The key ${TargetKeyId} exists without an alias. To create one: kms-functions call CreateAlias AliasName=alias/NAME TargetKeyId=${TargetKeyId}. To delete the key: kms-functions keys schedule-deletion ${TargetKeyId}`;
    throw new ExplainedError(error, { hint });
  }
}
