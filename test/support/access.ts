import type { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { catchError, clientFor } from './emulator.ts';

export const account = '000000000000';
export const keyId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const formatKeyArn = (number: number, owner = account) => `arn:aws:kms:us-east-1:${owner}:key/${keyId(number)}`;
export const user = (name: string, owner = account) => `arn:aws:iam::${owner}:user/${name}`;
export const role = (name: string, owner = account) => `arn:aws:iam::${owner}:role/${name}`;
export const root = (owner = account) => `arn:aws:iam::${owner}:root`;

export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
export const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
export const deny = (Action: unknown, more: object = {}) => ({ ...allow(Action, more), Effect: 'Deny' });
/** Adds principals to a statement for a key policy. */
export const to = (AWS: unknown, statement: object) => ({ Principal: { AWS }, ...statement });

/** The key policy statement that lets IAM policies in the account control access. */
export const byIam = to(root(), allow('kms:*'));

/** Returns a numbered key with an alias for each name, and a function that converts a name to its number. */
export function numberKeys<Name extends string>(
  policies: Readonly<Record<Name, readonly object[]>>,
  ...common: readonly object[]
): { keys: readonly object[]; toKeyNumber: (name: Name) => number } {
  const names = Object.keys(policies) as Name[];
  const toKeyNumber = (name: Name) => names.indexOf(name) + 1;
  const keys = names.map((name) => ({
    KeyId: keyId(toKeyNumber(name)),
    Policy: policy(...common, ...policies[name]),
    Aliases: [`alias/${name}`],
  }));
  return { keys, toKeyNumber };
}

export interface AccessSeed {
  readonly Keys?: readonly object[];
  readonly Principals?: readonly object[];
  readonly Accounts?: readonly object[];
}

export interface AccessEmulator {
  emulator: Emulator;
  /** Returns a client with this access key id. */
  as(accessKeyId: string): KMSClient;
}

/**
 * Starts an emulator with seeded principals for the tests in a file. Any other access key id is the root user. Key policies
 * can be objects.
 */
export function useAccess(
  { Keys = [], Principals = [], Accounts = [] }: AccessSeed,
  options: EmulatorOptions = {},
): AccessEmulator {
  const clients = new Map<string, KMSClient>();
  const used = {
    as: (accessKeyId) => {
      const client = clients.get(accessKeyId) ?? clientFor(used.emulator.endpoint, { account: accessKeyId });
      clients.set(accessKeyId, client);
      return client;
    },
  } as AccessEmulator;
  const toPolicyText = (Policy: unknown) => (typeof Policy === 'object' ? { Policy: JSON.stringify(Policy) } : {});
  const seed = {
    Version: 1,
    UndeclaredPrincipals: 'root',
    Keys: Keys.map((key) => ({ ...key, ...toPolicyText((key as { Policy?: unknown }).Policy) })),
    Principals,
    Accounts,
  };
  beforeAll(async () => {
    used.emulator = await startEmulator({ seed: parseSeed(seed, 'the seed'), ...options });
  });
  afterAll(async () => {
    for (const client of clients.values()) client.destroy();
    await used.emulator.close();
  });
  return used;
}

/** Returns `allowed`, the message of an `AccessDeniedException`, or the name and message of another error. */
export async function readVerdict(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch {
    const { name, message } = await catchError(call);
    return name === 'AccessDeniedException' ? message : `${name}: ${message}`;
  }
}
