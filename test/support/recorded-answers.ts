import type { KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { KeySpec, KeyUsage } from '../../emulator/core/key-spec.ts';
import type { AwsOperationName } from '../../functions/all-operations.ts';
import { keySpecNames } from '../../shared/declaration/key-specs.ts';
import { type Input, send } from './key-calls.ts';
import { createKey } from './keys.ts';

const recordings = 'https://github.com/radkawar/stackd/blob/9dc356f5e5cc49d2d334178a09c1398dd1c62617/testdata/aws/kms';
const guide = 'https://docs.aws.amazon.com/kms/latest/developerguide';

/**
 * Where each answer comes from. The recordings were made at AWS on 2026-09-12 and are public. A recording wins over the
 * API reference.
 */
const sources = {
  ecc: `${recordings}/ecc.json`,
  grants: `${recordings}/grants.json`,
  hmac: `${recordings}/hmac.json`,
  imports: `${recordings}/imports.json`,
  importEdges: `${recordings}/imports_edges.json`,
  importFamilies: `${recordings}/imports_families.json`,
  importExpiry: `${recordings}/imports_rotation_expiry.json`,
  importReplicas: `${recordings}/imports_multi_region.json`,
  importReplacement: `${recordings}/imports_rotation_replacement.json`,
  mlDsa: `${recordings}/mldsa.json`,
  replicas: `${recordings}/multi_region.json`,
  replicaPermissions: `${recordings}/multi_region_permissions.json`,
  rsa: `${recordings}/rsa.json`,
  rotation: `${recordings}/rotation.json`,
  /** "The key rotation status of these KMS keys is always false." */
  rotationStatus:
    'https://docs.rs/aws-sdk-kms/0.22.0/aws_sdk_kms/client/fluent_builders/struct.GetKeyRotationStatus.html',
  importConcepts: `${guide}/importing-keys-conceptual.html#importing-keys-material-requirements`,
  overdueRotation: `${guide}/rotating-keys-enable.html`,
  grantOperations: `${guide}/grants.html#terms-grant-operations`,
  quotas: `${guide}/resource-limits.html`,
} as const;

/** A request that is ready to send. */
export interface Asked {
  readonly client: KMSClient;
  readonly input: Input;
  /** The texts that replace `{name}` in the expected message and response. */
  readonly values?: Readonly<Record<string, string>>;
}

/** One answer of AWS KMS. */
export interface Answer {
  readonly operation: AwsOperationName;
  readonly situation: string;
  readonly source: keyof typeof sources;
  /** False if the recording shows the answer for another operation, key spec, Region or state of the same kind. */
  readonly recorded: boolean;
  /** Prepares the situation. */
  readonly ask: () => Promise<Asked>;
  /** The error's name and message. An empty message means that AWS sends none. */
  readonly error?: readonly [name: string, message: string];
  /** The members that the response must have. */
  readonly response?: Readonly<Record<string, unknown>>;
  /** The paths of the members that the response must not have, such as `KeyMetadata.ValidTo`. */
  readonly absent?: readonly string[];
}

/** Defines one test for each answer. */
export function testAnswers(answers: readonly Answer[]): void {
  const byOperation = Map.groupBy(answers, ({ operation }) => operation);
  describe.for([...byOperation])('%s', ([, rows]) => {
    test.for(rows.map((row) => [formatTitle(row), row] as const))('%s', async ([, row]) => {
      const { client, input, values = {} } = await row.ask();
      const outcome = await readOutcome(client, row.operation, input);
      if (row.error !== undefined) {
        const [name, message] = row.error;
        expect(outcome).toEqual({ error: { name, message: fill(message, values) } });
        return;
      }
      expect(outcome).toEqual({ response: expect.anything() });
      expect(outcome.response).toMatchObject(fill(row.response ?? {}, values) as object);
      for (const path of row.absent ?? []) expect(outcome.response).not.toHaveProperty(path);
    });
  });
}

const formatTitle = ({ situation, recorded, source }: Answer) =>
  `${situation} (${recorded ? 'recorded in' : 'extrapolated from'} ${source})`;

/** Replaces each `{name}` in the expected texts. */
function fill<T>(expected: T, values: Readonly<Record<string, string>>): T;
function fill(expected: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof expected === 'string') return expected.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  if (Array.isArray(expected)) return expected.map((item) => fill(item, values));
  if (Object.getPrototypeOf(expected ?? 0) !== Object.prototype) return expected;
  return Object.fromEntries(Object.entries(expected as object).map(([name, value]) => [name, fill(value, values)]));
}

interface Outcome {
  readonly error?: { readonly name: string; readonly message: string };
  readonly response?: unknown;
}

async function readOutcome(client: KMSClient, operation: AwsOperationName, input: Input): Promise<Outcome> {
  try {
    return { response: await send(client, operation, input) };
  } catch (error) {
    const { name, message } = error as Error;
    // The SDK writes this text if the response has no message.
    return { error: { name, message: message === 'UnknownError' ? '' : message } };
  }
}

/** The key specs of the keys that are not symmetric encryption keys. Only Regions in China have SM2 keys. */
export const otherKeySpecs: readonly KeySpec[] = keySpecNames().filter(
  (keySpec) => keySpec !== 'SYMMETRIC_DEFAULT' && keySpec !== 'SM2',
);

const usages: readonly [prefix: string, usage: KeyUsage][] = [
  ['SYMMETRIC', 'ENCRYPT_DECRYPT'],
  ['HMAC', 'GENERATE_VERIFY_MAC'],
  ['ML_KEM', 'ENCAPSULATE_DECAPSULATE'],
];

/** Returns one key usage of a key spec: SIGN_VERIFY if the key spec supports it. */
export function usageOf(keySpec: KeySpec): KeyUsage {
  return usages.find(([prefix]) => keySpec.startsWith(prefix))?.[1] ?? 'SIGN_VERIFY';
}

const keys = new WeakMap<KMSClient, Map<KeySpec, ReturnType<typeof createKey>>>();

/** Returns a key with this key spec. Creates only one key per key spec, because creating an RSA key is slow. */
export function findKeyOfSpec(client: KMSClient, keySpec: KeySpec): ReturnType<typeof createKey> {
  const known = keys.get(client) ?? new Map<KeySpec, ReturnType<typeof createKey>>();
  const key = known.get(keySpec) ?? createKey(client, { KeySpec: keySpec, KeyUsage: usageOf(keySpec) });
  keys.set(client, known.set(keySpec, key));
  return key;
}
