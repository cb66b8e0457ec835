import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { pointerTo } from '../../shared/errors/issue-details.ts';
import * as shapes from '../../shared/kms/shapes.ts';
import { keyIdPattern } from '../keys/key-id.ts';
import { material } from './material.ts';
import { seedGrant } from './seed-grant.ts';
import { seedKeyStore } from './seed-key-store.ts';

/** A seed that cannot be used, and why. */
export class SeedError extends Error {
  override name = 'SeedError';
}

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
    Origin: z.optional(z.enum(['AWS_KMS', 'EXTERNAL'])),
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
  /** Names that no alias has when the seed is laid down anew. */
  AbsentAliases: z.optional(z.array(shapes.text(7, 256, /^alias\/[a-zA-Z0-9/_-]+$/))),
  /** The same for custom key stores, by name. */
  AbsentCustomKeyStores: z.optional(z.array(shapes.customKeyStoreName())),
});

export type Seed = z.output<typeof seedSchema>;
export type SeedKey = Seed['Keys'][number];

/** Reads a seed from parsed JSON or YAML. Throws SeedError with the first place that is wrong. */
export function parseSeed(json: unknown, name: string): Seed {
  const parsed = z.safeParse(seedSchema, json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? '' : pointerTo(issue.path);
  throw new SeedError(
    `${name}${place === '' ? '' : ` at ${place}`} is not a seed of version 1: ${issue?.code ?? 'not valid'}`,
  );
}

/** YAML or JSON, which is YAML too. */
export async function readSeed(file: string): Promise<Seed> {
  // Loaded for this alone: most starts read no file.
  const { parse } = await import('yaml');
  try {
    return parseSeed(parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof SeedError) throw error;
    throw new SeedError(`cannot read the seed ${file}: ${(error as Error).message}`);
  }
}

/** The seed that stands behind the sample events. Its material is public. */
export function defaultSeed(): Seed {
  const file = new URL('./default.json', import.meta.url);
  return parseSeed(JSON.parse(readFileSync(file, 'utf8')), 'the default seed');
}
