import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { seedSchema } from '../emulator/seed/seed-schema.ts';
import type { JsonObject, Operation } from '../shared/declaration/operation.ts';
import { schemaMetadata } from '../shared/declaration/schema-metadata.ts';
import { isoTimestamp } from '../shared/declaration/shapes.ts';
import fixedMaterial from './seed-material.json' with { type: 'json' };

/** The keys that examples of read-only operations share. */
const sharedKeys: readonly JsonObject[] = [
  {
    KeyId: '5a4d1e00-0000-4000-8000-000000000001',
    Description: 'Encryption key for the sample events. Its key material is public.',
    Aliases: ['alias/example'],
  },
  {
    KeyId: '5a4d1e00-0000-4000-8000-000000000002',
    Description: 'Signing key for the sample events. Its key material is public.',
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    Aliases: ['alias/example-sign'],
  },
  {
    KeyId: '5a4d1e00-0000-4000-8000-000000000003',
    Description: 'MAC key for the sample events. Its key material is public.',
    KeySpec: 'HMAC_256',
    KeyUsage: 'GENERATE_VERIFY_MAC',
    Aliases: ['alias/example-mac'],
  },
  {
    KeyId: '5a4d1e00-0000-4000-8000-000000000004',
    Description: 'Key agreement key for the sample events. Its key material is public.',
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'KEY_AGREEMENT',
    Aliases: ['alias/example-agreement'],
  },
  {
    KeyId: '5a4d1e00-0000-4000-8000-000000000005',
    Description: 'Encapsulation key for the sample events. Its key material is public.',
    KeySpec: 'ML_KEM_768',
    KeyUsage: 'ENCAPSULATE_DECAPSULATE',
    Aliases: ['alias/example-kem'],
  },
];

/** Builds the default seed, which contains the shared keys and the entries that each operation's example requires. */
export function defaultSeedOf(operations: readonly Operation[]): object {
  const parts = operations.map(({ example }) => example.seed ?? {});
  const keys = [...sharedKeys, ...parts.flatMap((part) => listOf(part.Keys))];
  return {
    $schema: './seed.schema.json',
    Version: 1,
    Keys: keys.map((key) => ({ ...key, ...materialOf(key) })),
    CustomKeyStores: parts.flatMap((part) => listOf(part.CustomKeyStores)),
    AbsentAliases: parts.flatMap((part) => listOf(part.AbsentAliases)),
    AbsentCustomKeyStores: parts.flatMap((part) => listOf(part.AbsentCustomKeyStores)),
  };
}

function listOf(value: JsonObject[string] | undefined): JsonObject[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Returns a key's fixed, public material. Symmetric material is derived from the key id. `seed-material.json` contains the
 * key pairs and the import example's wrapping key, by key id, because they cannot be derived. OpenSSL generated them once.
 */
function materialOf({ KeyId, KeyState }: JsonObject): JsonObject {
  const fixed = (fixedMaterial as Record<string, JsonObject>)[String(KeyId)];
  if (fixed !== undefined) return fixed;
  if (KeyState === 'PendingImport') return {};
  return { Material: createHash('sha256').update(`kms-functions default seed ${KeyId}`).digest('base64') };
}

const base64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

export function seedJsonSchema(): object {
  const schema = z.toJSONSchema(seedSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const wire = schemaMetadata(zodSchema);
      if (wire?.kind === 'blob') {
        const minLength = base64Length(wire.minBytes);
        const maxLength = base64Length(wire.maxBytes);
        Object.assign(jsonSchema, { contentEncoding: 'base64', pattern: base64.source, minLength, maxLength });
      }
      if (wire?.kind === 'timestamp') {
        const description = 'An ISO 8601 timestamp with a time zone, or a Unix timestamp in seconds';
        Object.assign(jsonSchema, { description, pattern: isoTimestamp.source });
      }
    },
  });
  return { ...schema, title: 'Seed for the kms-functions emulator, version 1' };
}
