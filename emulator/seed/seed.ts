import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';
import { keyIdPattern } from '../core/key-id.ts';
import { isLocalKmsSeed, type LocalKmsPlace, translateLocalKms } from './local-kms.ts';
import { SeedError } from './seed-error.ts';
import { formatSeedError } from './seed-error-message.ts';
import { seedGrant } from './seed-grant.ts';
import { seedKeyStore } from './seed-key-store.ts';
import { material } from './seed-material.ts';
import { seedPrincipal } from './seed-principal.ts';

export { SeedError };

/**
 * The seed's format, version 1: keys that are there from the start, with fixed ids and material. AWS's names for what AWS
 * names. The JSON Schema that goes with the package is written from this.
 */
const rotation = z.strictObject({
  RotationPeriodInDays: z._default(shapes.integer(90, 2560), 365),
  /** When absent: one period after the key is laid down. */
  NextRotationDate: z.optional(shapes.timestamp()),
});

const previousMaterial = z.strictObject({
  Material: material(),
  RotationType: z._default(z.enum(['AUTOMATIC', 'ON_DEMAND']), 'ON_DEMAND'),
  /** When the material after this one took its place. */
  RotationDate: z.optional(shapes.timestamp()),
});

/** A fixed import token, which never expires, and the wrapping key that goes with it: for samples and tests. */
const importParameters = z.strictObject({
  ImportToken: shapes.blob(1, 6144),
  WrappingAlgorithm: z.enum([
    'RSAES_OAEP_SHA_1',
    'RSAES_OAEP_SHA_256',
    'RSA_AES_KEY_WRAP_SHA_1',
    'RSA_AES_KEY_WRAP_SHA_256',
    'SM2PKE',
  ]),
  WrappingKeySpec: z.enum(['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2']),
  WrappingPrivateKey: material(),
});

const seedKey = z
  .strictObject({
    /** As AWS's: what is neither could be laid down and never called. In a path a dot stands for a slash, so none here. */
    KeyId: shapes.text(1, 64, keyIdPattern),
    AccountId: z.optional(shapes.text(12, 12, /^\d+$/)),
    Region: z.optional(shapes.text(1, 32, /^[a-z0-9-]+$/)),
    Description: z.optional(shapes.description()),
    KeySpec: z.optional(shapes.keySpec()),
    /** Needed where the key spec has several. */
    KeyUsage: z.optional(shapes.keyUsage()),
    Origin: z.optional(z.enum(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])),
    /** Of a key in a custom key store: one of this seed, of the key's account and Region. */
    CustomKeyStoreId: z.optional(shapes.customKeyStoreId()),
    /** The external key behind a key of Origin EXTERNAL_KEY_STORE. */
    XksKeyId: z.optional(shapes.text(1, 128, /^[a-zA-Z0-9-_.]+$/)),
    MultiRegion: z.optional(z.boolean()),
    /** Regions where a multi-Region key has replicas; its own Region has the primary. */
    ReplicaRegions: z.optional(z.array(shapes.region())),
    KeyState: z.optional(z.enum(['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'])),
    CreationDate: z.optional(shapes.timestamp()),
    /** Of a key that is pending deletion: absolute, or from the moment that the key is laid down. */
    DeletionDate: z.optional(shapes.timestamp()),
    PendingWindowInDays: z.optional(shapes.integer(7, 30)),
    /** The current material. When absent, random, but for a key that waits for import. */
    Material: z.optional(material()),
    /** When imported material expires; never when absent. */
    ValidTo: z.optional(shapes.timestamp()),
    ImportParameters: z.optional(importParameters),
    /** Imported beside the current material, for RotateKeyOnDemand to take. */
    PendingMaterial: z.optional(material()),
    PreviousMaterials: z.optional(z.array(previousMaterial)),
    Rotation: z.optional(rotation),
    Policy: z.optional(shapes.policy()),
    Tags: z.optional(shapes.tags()),
    Grants: z.optional(z.array(seedGrant)),
    Aliases: z.optional(z.array(shapes.text(7, 256, /^alias\/[a-zA-Z0-9/_-]+$/))),
  })
  .check(
    z.refine((key) => (key.MultiRegion === true) === key.KeyId.startsWith('mrk-'), {
      error: 'only the id of a multi-Region key begins with mrk-',
      path: ['MultiRegion'],
    }),
    z.refine((key) => key.ReplicaRegions === undefined || key.MultiRegion === true, {
      error: 'only a multi-Region key has replicas',
      path: ['ReplicaRegions'],
    }),
  );

export const seedSchema = z.strictObject({
  $schema: z.optional(z.string()),
  Version: z.literal(1),
  Keys: z.array(seedKey),
  CustomKeyStores: z.optional(z.array(seedKeyStore)),
  /** Who calls, by access key id; whoever is not among them calls as the root of an account. */
  Principals: z.optional(z.array(seedPrincipal)),
  /** Names that no alias has when the seed is laid down anew. */
  AbsentAliases: z.optional(z.array(shapes.text(7, 256, /^alias\/[a-zA-Z0-9/_-]+$/))),
  /** The same for custom key stores, by name. */
  AbsentCustomKeyStores: z.optional(z.array(shapes.customKeyStoreName())),
});

/** Where a seed comes from, for what is said of its faults. */
export interface SeedSource {
  /** Its file, as it was given. */
  readonly name: string;
  /** Where each key stands, where that is not `/Keys/0`, `/Keys/1` and so on. */
  readonly keyPaths?: readonly string[];
}

export type Seed = z.output<typeof seedSchema> & { readonly source?: SeedSource };
export type SeedKey = Seed['Keys'][number];

/** Reads a seed, or one made for local-kms, from parsed JSON or YAML. Throws SeedError with the first place that is wrong. */
export function parseSeed(json: unknown, name = 'the seed', localKms: LocalKmsPlace = {}): Seed {
  const translated = isLocalKmsSeed(json) ? translateLocalKms(json, name, localKms) : undefined;
  const parsed = z.safeParse(seedSchema, translated?.seed ?? json);
  const source = { name, ...(translated === undefined ? {} : { keyPaths: translated.keyPaths }) };
  if (parsed.success) return { ...parsed.data, source };
  throw new SeedError(formatSeedError(source, parsed.error.issues, seedSchema));
}

/** Reads a seed file: YAML, or JSON, which is YAML too. Throws SeedError. */
export async function readSeed(file: string, localKms: LocalKmsPlace = {}): Promise<Seed> {
  // Loaded for this alone: most starts read no file.
  const { parse } = await import('yaml');
  let json: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    json = parse(text);
    // YAML takes some hexadecimal texts for numbers: local-kms reads all as text.
    if (isLocalKmsSeed(json)) json = parse(text, { schema: 'failsafe' });
  } catch (error) {
    throw new SeedError(`cannot read the seed ${file}: ${(error as Error).message}`);
  }
  return parseSeed(json, file, localKms);
}

/** The seed that stands behind the sample events. Its material is public. */
export function defaultSeed(): Seed {
  const file = new URL('./default.json', import.meta.url);
  return parseSeed(JSON.parse(readFileSync(file, 'utf8')), 'the default seed');
}
