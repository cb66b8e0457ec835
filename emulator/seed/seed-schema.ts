import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';
import { keyIdPattern } from '../core/key-id.ts';
import { seedAccount } from './seed-account.ts';
import type { SeedSource } from './seed-error.ts';
import { seedGrant } from './seed-grant.ts';
import { seedKeyStore } from './seed-key-store.ts';
import { keyMaterial } from './seed-material.ts';
import { keyPolicy } from './seed-policy.ts';
import { seedPrincipal } from './seed-principal.ts';

/**
 * The seed format, version 1. A seed creates keys with fixed ids and material. Members have their AWS names if AWS
 * defines them. The package's JSON Schema is generated from this file.
 */

const rotation = z.strictObject({
  RotationPeriodInDays: z._default(shapes.integer(90, 2560), 365),
  /** Default: one rotation period after the seed is applied. */
  NextRotationDate: z.optional(shapes.timestamp()),
});

const previousMaterial = z.strictObject({
  Material: keyMaterial(),
  RotationType: z._default(z.enum(['AUTOMATIC', 'ON_DEMAND']), 'ON_DEMAND'),
  /** The time when the next material replaced this material. */
  RotationDate: z.optional(shapes.timestamp()),
});

/** A fixed import token and its wrapping key, for examples and tests. The token never expires. */
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
  WrappingPrivateKey: keyMaterial(),
});

const seedKey = z
  .strictObject({
    /**
     * Must match the AWS format, because KMS rejects other key ids. Cannot contain dots, because a dot represents a
     * slash in paths.
     */
    KeyId: shapes.text(1, 64, keyIdPattern),
    AccountId: z.optional(shapes.text(12, 12, /^\d+$/)),
    /** The accounts that each have a key with these members, such as one for each parallel worker of a test run. */
    AccountIds: z.optional(z.array(shapes.text(12, 12, /^\d+$/)).check(z.minLength(1))),
    Region: z.optional(shapes.text(1, 32, /^[a-z0-9-]+$/)),
    Description: z.optional(shapes.description()),
    KeySpec: z.optional(shapes.keySpec()),
    /** Required if the key spec supports several usages. */
    KeyUsage: z.optional(shapes.keyUsage()),
    Origin: z.optional(z.enum(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])),
    /** The id of a custom key store in this seed, with the same account and Region. */
    CustomKeyStoreId: z.optional(shapes.customKeyStoreId()),
    /** The id of the external key that backs a key with Origin EXTERNAL_KEY_STORE. */
    XksKeyId: z.optional(shapes.text(1, 128, /^[a-zA-Z0-9-_.]+$/)),
    MultiRegion: z.optional(z.boolean()),
    /** The replica Regions of a multi-Region key. The primary is in the key's Region. */
    ReplicaRegions: z.optional(z.array(shapes.region())),
    KeyState: z.optional(z.enum(['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'])),
    CreationDate: z.optional(shapes.timestamp()),
    /** The deletion date of a key in state PendingDeletion. Default: PendingWindowInDays after the seed is applied. */
    DeletionDate: z.optional(shapes.timestamp()),
    PendingWindowInDays: z.optional(shapes.integer(7, 30)),
    /** The current material. Default: random material, or no material in state PendingImport. */
    Material: z.optional(keyMaterial()),
    /** The expiry of imported material. Default: never. */
    ValidTo: z.optional(shapes.timestamp()),
    ImportParameters: z.optional(importParameters),
    /** Imported material that is pending rotation. RotateKeyOnDemand makes it current. */
    PendingMaterial: z.optional(keyMaterial()),
    PreviousMaterials: z.optional(z.array(previousMaterial)),
    Rotation: z.optional(rotation),
    /** The key policy, as a JSON object or as JSON text. */
    Policy: z.optional(keyPolicy()),
    Tags: z.optional(shapes.tags()),
    Grants: z.optional(z.array(seedGrant)),
    Aliases: z.optional(z.array(shapes.text(7, 256, /^alias\/[a-zA-Z0-9/_-]+$/))),
  })
  .check(
    z.refine((key) => (key.MultiRegion === true) === key.KeyId.startsWith('mrk-'), {
      error: 'must be true if KeyId starts with mrk-, and absent or false otherwise',
      path: ['MultiRegion'],
    }),
    z.refine((key) => key.ReplicaRegions === undefined || key.MultiRegion === true, {
      error: 'is allowed only if MultiRegion is true',
      path: ['ReplicaRegions'],
    }),
    z.refine((key) => key.AccountIds === undefined || key.AccountId === undefined, {
      error: 'must be absent if AccountId is present',
      path: ['AccountIds'],
    }),
  );

export const seedSchema = z.strictObject({
  $schema: z.optional(z.string()),
  Version: z._default(z.literal(1), 1),
  Keys: z._default(z.array(seedKey), []),
  /** Provides the predefined aliases `alias/aws/…`. DescribeKey creates an alias's AWS managed key. */
  AwsManagedKeys: z.optional(z.boolean()),
  CustomKeyStores: z.optional(z.array(seedKeyStore)),
  /**
   * The callers, by access key id. With at least one principal, the emulator rejects every other access key id, except
   * account ids, which represent the root users of their accounts.
   */
  Principals: z.optional(z.array(seedPrincipal)),
  /** `root` lets access key ids that no principal has act as the root user of account 000000000000. */
  UndeclaredPrincipals: z.optional(z.literal('root')),
  /** The organization's policies by account. */
  Accounts: z.optional(z.array(seedAccount)),
  /** Aliases that are removed from the default account and Region when the seed is restored. */
  AbsentAliases: z.optional(z.array(shapes.text(7, 256, /^alias\/[a-zA-Z0-9/_-]+$/))),
  /** Names of custom key stores that are removed from the default account and Region when the seed is restored. */
  AbsentCustomKeyStores: z.optional(z.array(shapes.customKeyStoreName())),
});

/** The member of a parsed seed that contains its source. Seeds that callers write cannot have this member. */
export const seedSource = Symbol('source');

/** A parsed seed, with bytes and dates instead of text. */
export type Seed = z.output<typeof seedSchema> & ParsedSeed;

/** Identifies a seed that was parsed before. */
export interface ParsedSeed {
  readonly [seedSource]: SeedSource;
}

/** A seed as a JavaScript object, with the members of a seed file. Bytes are base64, and times are ISO 8601. */
export interface SeedInput extends DeepReadonly<z.input<typeof seedSchema>> {}

type DeepReadonly<T> = T extends object ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> } : T;

export type SeedKey = Seed['Keys'][number];
