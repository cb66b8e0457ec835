import type { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { clientFor, errorOf } from './emulator.ts';

export const account = '000000000000';
export const keyId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const arnOf = (number: number, owner = account) => `arn:aws:kms:us-east-1:${owner}:key/${keyId(number)}`;
export const user = (name: string, owner = account) => `arn:aws:iam::${owner}:user/${name}`;
export const role = (name: string, owner = account) => `arn:aws:iam::${owner}:role/${name}`;
export const root = (owner = account) => `arn:aws:iam::${owner}:root`;

export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
export const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
export const deny = (Action: unknown, more: object = {}) => ({ ...allow(Action, more), Effect: 'Deny' });
/** The same in a key policy. */
export const to = (AWS: unknown, statement: object) => ({ Principal: { AWS }, ...statement });

export interface AccessSeed {
  readonly Keys?: readonly object[];
  readonly Principals?: readonly object[];
}

export interface AccessEmulator {
  emulator: Emulator;
  /** A client with an access key id. */
  as(accessKeyId: string): KMSClient;
}

/** An emulator whose seed has principals, for the tests of a file. Policies of keys may be given as JSON. */
export function useAccess({ Keys = [], Principals = [] }: AccessSeed, options: EmulatorOptions = {}): AccessEmulator {
  const clients = new Map<string, KMSClient>();
  const used = {
    as: (accessKeyId) => {
      const client = clients.get(accessKeyId) ?? clientFor(used.emulator.endpoint, { account: accessKeyId });
      clients.set(accessKeyId, client);
      return client;
    },
  } as AccessEmulator;
  const textOf = (Policy: unknown) => (typeof Policy === 'object' ? { Policy: JSON.stringify(Policy) } : {});
  const seed = {
    Version: 1,
    Keys: Keys.map((key) => ({ ...key, ...textOf((key as { Policy?: unknown }).Policy) })),
    Principals,
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

/** `allowed`, or the message of the refusal; any other error is what it is. */
export async function verdictOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch {
    const { name, message } = await errorOf(call);
    return name === 'AccessDeniedException' ? message : `${name}: ${message}`;
  }
}
