import { defaultAccount } from '../../emulator/core/credential.ts';
import type { SeedInput } from '../../emulator/index.ts';
import { getClient } from '../../shared/kms/client.ts';
import type { LocalRole, LocalSettings } from './local-settings.ts';

/** Returns the access key id of a function's role in the emulator. */
export function formatRoleAccessKey(functionKey: string): string {
  return `kms-functions-local-${functionKey}`;
}

type Roles = Pick<LocalSettings, 'roles' | 'callersRoles'>;

/** Builds the roles of the functions and of callers in other accounts as principals of the emulator. */
export function buildRolePrincipals({ roles, callersRoles }: Roles): NonNullable<SeedInput['Principals']> {
  const ofFunctions = Object.entries(roles).map(([key, role]) => buildPrincipal(formatRoleAccessKey(key), role));
  const ofCallers = Object.entries(callersRoles).map(([accessKey, role]) => buildPrincipal(accessKey, role));
  return [...ofFunctions, ...ofCallers];
}

function buildPrincipal(AccessKeyId: string, { arn, policies }: LocalRole) {
  return { AccessKeyId, Arn: arn, Policies: policies as { [name: string]: unknown }[] };
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
  const endpoints = new Map<string, string>();
  if (functionKeys.length === 0) return endpoints;
  const { AWS_ACCESS_KEY_ID = defaultAccount } = environment;
  for (const key of functionKeys) {
    const endpoint = `${emulator}/roles/${key}`;
    endpoints.set(key, endpoint);
    environment.AWS_ACCESS_KEY_ID = formatRoleAccessKey(key);
    for (const region of regions) await getClient({ endpoint, usesFips: false }, region).config.credentials();
  }
  environment.AWS_ACCESS_KEY_ID = AWS_ACCESS_KEY_ID;
  return endpoints;
}
