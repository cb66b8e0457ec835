import type { SeedInput } from '../../emulator/index.ts';
import { getClient } from '../../shared/kms/client.ts';
import type { LocalRole, LocalSettings } from './local-settings.ts';

/** Returns the access key id of a function's role in the emulator. */
export function formatRoleAccessKey(functionKey: string): string {
  return `kms-functions-local-${functionKey}`;
}

/** Builds the functions' roles as principals of the emulator. */
export function buildRolePrincipals(roles: LocalSettings['roles']): NonNullable<SeedInput['Principals']> {
  return Object.entries(roles).map(([key, { arn, policies }]: [string, LocalRole]) => ({
    AccessKeyId: formatRoleAccessKey(key),
    Arn: arn,
    Policies: policies as { [name: string]: unknown }[],
  }));
}

/**
 * Creates KMS clients with the functions' roles, and returns the endpoint of each function. All functions run in one process
 * and share clients by endpoint, so each role has an endpoint of its own. The emulator ignores the path. A client reads its
 * credentials from the environment once.
 */
export async function createRoleClients(
  functionKeys: readonly string[],
  emulator: string,
  regions: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, string>> {
  const { AWS_ACCESS_KEY_ID } = environment;
  const endpoints = new Map<string, string>();
  for (const key of functionKeys) {
    const endpoint = `${emulator}/roles/${key}`;
    endpoints.set(key, endpoint);
    environment.AWS_ACCESS_KEY_ID = formatRoleAccessKey(key);
    for (const region of regions) await getClient({ endpoint, usesFips: false }, region).config.credentials();
  }
  environment.AWS_ACCESS_KEY_ID = AWS_ACCESS_KEY_ID;
  return endpoints;
}
