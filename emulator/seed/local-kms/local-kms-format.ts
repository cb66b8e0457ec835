import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { isObject } from '../../../shared/declaration/json-object.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';
import { keyIdPattern } from '../../core/key-id.ts';
import { type KeySpec, keySpecs } from '../../crypto/key-specs.ts';
import { createSchemaError } from '../seed-error.ts';

/**
 * The three forms of the local-kms seed format: `Keys` grouped by type (version 3), a list of AES keys (older
 * versions), and a list of any keys with separate material (the upcoming version 4).
 * https://github.com/nsmithuk/local-kms: README.md "Seeding file format", src/seed.go, internal/seed/seed_v2.go
 */

const backingKeys = z.array(z.string().check(z.regex(/^([0-9a-fA-F]{2})+$/)));
const material = { BackingKeys: z.optional(backingKeys), PrivateKeyPem: z.optional(z.string()) };
const keyId = () => shapes.text(1, 64, keyIdPattern);

/** Accepts the members of every form. In version 4, the id is next to `Metadata`, and the material is in `Material`. */
const key = z.strictObject({
  KeyId: z.optional(keyId()),
  Metadata: z.strictObject({
    KeyId: z.optional(keyId()),
    Description: z.optional(shapes.description()),
    KeySpec: z.optional(shapes.keySpec()),
    KeyUsage: z.optional(shapes.keyUsage()),
    Origin: z.optional(z.enum(['AWS_KMS', 'EXTERNAL'])),
  }),
  NextKeyRotation: z.optional(shapes.timestamp()),
  Material: z.optional(z.strictObject(material)),
  ...material,
});
type LocalKmsKey = z.output<typeof key>;

const keys = z.optional(z.array(key));
const sharedMembers = {
  Version: z.optional(z.union([z.string(), z.number()])),
  Aliases: z.optional(
    z.array(z.strictObject({ AliasName: shapes.text(1, 256, /^[a-zA-Z0-9/_-]+$/), TargetKeyId: z.string() })),
  ),
};
const groupedSeed = z.strictObject({
  Keys: z.strictObject({
    Symmetric: z.optional(z.strictObject({ Aes: keys, Hmac: keys })),
    Asymmetric: z.optional(z.strictObject({ Rsa: keys, Ecc: keys })),
  }),
  ...sharedMembers,
});
const listSeed = z.strictObject({ Keys: z.array(key), ...sharedMembers });

/** A key in a local-kms seed. */
export interface LocalKmsEntry {
  /** The key's location in the file, as a JSON pointer. */
  readonly path: string;
  readonly key: LocalKmsKey;
  /** The key spec in the file, or the key spec that follows from the key's group or material. */
  readonly keySpec: KeySpec | undefined;
}

export interface LocalKmsSeed {
  readonly entries: readonly LocalKmsEntry[];
  readonly aliases: readonly { readonly AliasName: string; readonly TargetKeyId: string }[];
}

/**
 * Returns whether parsed JSON is a local-kms seed. Seeds in our own format have `Version: 1`, and their keys have no
 * `Metadata`.
 */
export function isLocalKmsSeed(json: unknown): boolean {
  if (!isObject(json) || json.Version === 1) return false;
  const { Keys } = json;
  return Array.isArray(Keys) ? Keys.some((entry) => isObject(entry) && isObject(entry.Metadata)) : isObject(Keys);
}

/** Parses any form of a local-kms seed. Throws `SeedError`. */
export function parseLocalKmsSeed(json: unknown, name: string): LocalKmsSeed {
  const schema = isObject(json) && Array.isArray(json.Keys) ? listSeed : groupedSeed;
  const members = removeEmptyMembers(json);
  const parsed = z.safeParse<z.core.$ZodType<z.output<typeof listSeed> | z.output<typeof groupedSeed>>>(
    schema,
    members,
  );
  if (!parsed.success) throw createSchemaError({ name }, parsed.error.issues, schema, members);
  const { Keys, Aliases = [] } = parsed.data;
  if (Array.isArray(Keys)) return { entries: toEntries('/Keys', Keys), aliases: Aliases };
  const { Symmetric, Asymmetric } = Keys;
  const entries = [
    ...toEntries('/Keys/Symmetric/Aes', Symmetric?.Aes, 'SYMMETRIC_DEFAULT'),
    ...toEntries('/Keys/Symmetric/Hmac', Symmetric?.Hmac),
    ...toEntries('/Keys/Asymmetric/Rsa', Asymmetric?.Rsa),
    ...toEntries('/Keys/Asymmetric/Ecc', Asymmetric?.Ecc),
  ];
  return { entries, aliases: Aliases };
}

export function getKeyId({ key }: LocalKmsEntry): string | undefined {
  return key.KeyId ?? key.Metadata.KeyId;
}

export function getMaterial({ Material, BackingKeys, PrivateKeyPem }: LocalKmsKey): {
  readonly BackingKeys?: readonly string[] | undefined;
  readonly PrivateKeyPem?: string | undefined;
} {
  return Material ?? { BackingKeys, PrivateKeyPem };
}

/** Reads a private key. Returns `undefined` if OpenSSL cannot read the text as a private key without a passphrase. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function toEntries(path: string, list: readonly LocalKmsKey[] = [], groupKeySpec?: KeySpec): LocalKmsEntry[] {
  return list.map((entry, index) => ({
    path: `${path}/${index}`,
    key: entry,
    keySpec: entry.Metadata.KeySpec ?? groupKeySpec ?? inferKeySpec(entry),
  }));
}

/** Infers the key spec from the private key. A key that has only backing keys is an AES key, as in the oldest form. */
function inferKeySpec(entry: LocalKmsKey): KeySpec | undefined {
  const { PrivateKeyPem, BackingKeys } = getMaterial(entry);
  if (PrivateKeyPem === undefined) return BackingKeys === undefined ? undefined : 'SYMMETRIC_DEFAULT';
  const { asymmetricKeyType, asymmetricKeyDetails } = readPrivateKey(PrivateKeyPem) ?? {};
  return Object.values(keySpecs).find(
    (row) =>
      row.keyType === asymmetricKeyType &&
      row.curve === asymmetricKeyDetails?.namedCurve &&
      (row.family !== 'RSA' || row.modulusBits === asymmetricKeyDetails?.modulusLength),
  )?.keySpec;
}

/** Removes members that are null or an empty string, because local-kms treats them as absent. */
function removeEmptyMembers(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(removeEmptyMembers);
  if (!isObject(json)) return json;
  const filled = Object.entries(json).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(filled.map(([name, value]) => [name, removeEmptyMembers(value)]));
}
