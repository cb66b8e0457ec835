import { extendSeed } from '../../emulator/seed/load-seed.ts';
import { loadDefaultSeed, parseSeed, readSeed } from '../../emulator/seed/read-seed.ts';
import type { ParsedSeed, Seed } from '../../emulator/seed/seed-schema.ts';
import { buildRolePrincipals } from './function-roles.ts';
import type { LocalSettings } from './local-settings.ts';

/** The variable that contains the path of a seed file, which adds keys and callers to the default seed. */
export const seedVariable = 'KMS_FUNCTIONS_SEED';

/** Returns the access key ids of the principals in a seed. */
export function listAccessKeys(seed: ParsedSeed | 'default'): string[] {
  return seed === 'default' ? [] : ((seed as Seed).Principals ?? []).map(({ AccessKeyId }) => AccessKeyId);
}

/**
 * Returns the seed of stage `local`: the default seed, the entries of the seed file in `file`, and the functions' roles.
 * Throws SeedError.
 */
export async function buildLocalSeed(
  file: string | undefined,
  roles: LocalSettings['roles'],
): Promise<ParsedSeed | 'default'> {
  const own = file === undefined ? undefined : await readSeed(file);
  const Principals = buildRolePrincipals(roles);
  if (own === undefined && Principals.length === 0) return 'default';
  const extended = own === undefined ? loadDefaultSeed() : extendSeed(loadDefaultSeed(), own);
  if (Principals.length === 0) return extended;
  // The roles must not turn other callers into unknown callers.
  const declaresCallers = (own?.Principals?.length ?? 0) > 0;
  const { UndeclaredPrincipals = declaresCallers ? undefined : 'root' } = extended;
  const roleSeed: Seed = parseSeed({ Principals }, 'the roles of the functions');
  const { Principals: rolePrincipals = [] } = roleSeed;
  return {
    ...extended,
    ...(UndeclaredPrincipals === undefined ? {} : { UndeclaredPrincipals }),
    Principals: [...(extended.Principals ?? []), ...rolePrincipals],
  } as Seed;
}
