import { EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import { tenancyDefaults } from '../../shared/config/function-config.ts';
import type { JsonObject, JsonValue, Operation } from '../../shared/declaration/operation.ts';

/** Converts an alias in the default seed to an alias of tenant `a`. Returns any other value unchanged. */
export function toTenantAlias<Value>(value: Value): Value | string {
  return typeof value === 'string' ? value.replace(/^alias\//, 'alias/a/') : value;
}

/** The default seed, in which tenant `a` owns every key. Each key also has its aliases below `alias/a/`. */
export function seedOfTenant(): Seed {
  const seed = loadDefaultSeed();
  return {
    ...seed,
    AbsentAliases: (seed.AbsentAliases ?? []).flatMap((name) => [name, toTenantAlias(name)]),
    Keys: seed.Keys.map((key) => ({
      ...key,
      Aliases: (key.Aliases ?? []).flatMap((name) => [name, toTenantAlias(name)]),
      Tags: [...(key.Tags ?? []), { TagKey: tenancyDefaults.tag, TagValue: 'a' }],
    })),
  };
}

/** Returns the input of an operation's example as tenant `a` sends it: with its own aliases and ciphertexts. */
export async function buildTenantInput({ example }: Operation, kms: KMSClient): Promise<JsonObject> {
  const entries = Object.entries(example.input).map(([name, value]): [string, JsonValue] => [
    name,
    toTenantAlias(value),
  ]);
  const input = Object.fromEntries(entries);
  if (input.CiphertextBlob === undefined) return input;
  const context = (input.EncryptionContext ?? input.SourceEncryptionContext) as Record<string, string>;
  const { CiphertextBlob = new Uint8Array() } = await kms.send(
    new EncryptCommand({
      KeyId: String(input.KeyId ?? input.SourceKeyId),
      Plaintext: Buffer.from('of tenant a'),
      EncryptionContext: { ...context, [tenancyDefaults.contextKey]: 'a' },
    }),
  );
  return { ...input, CiphertextBlob: Buffer.from(CiphertextBlob).toString('base64') };
}
