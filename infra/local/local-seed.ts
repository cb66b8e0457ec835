import type { Principal } from '../../emulator/authorization/principal.ts';
import { createPrincipals } from '../../emulator/seed/create-principals.ts';
import { extendSeed } from '../../emulator/seed/load-seed.ts';
import { loadDefaultSeed, parseSeed, readSeed } from '../../emulator/seed/read-seed.ts';
import type { ParsedSeed, Seed } from '../../emulator/seed/seed-schema.ts';
import { buildRolePrincipals } from './function-roles.ts';
import type { LocalSettings } from './local-settings.ts';

/** The variable that contains the path of a seed file, which adds keys and callers to the default seed. */
export const seedVariable = 'KMS_FUNCTIONS_SEED';

/** Returns the principals in a seed by access key id. */
export function readPrincipals(seed: ParsedSeed | 'default'): ReadonlyMap<string, Principal> {
  return seed === 'default' ? new Map() : createPrincipals(seed as Seed);
}

/**
 * Returns the seed of stage `local`: the default seed, the entries of the seed file in `file`, and the roles of functions
 * and callers. Throws SeedError.
 */
export async function buildLocalSeed(
  file: string | undefined,
  roles: Pick<LocalSettings, 'roles' | 'callersRoles'>,
): Promise<ParsedSeed | 'default'> {
  const own = file === undefined ? undefined : await readSeed(file);
  const Principals = buildRolePrincipals(roles);
  if (own === undefined && Principals.length === 0) return 'default';
  const extended = own === undefined ? loadDefaultSeed() : extendSeed(loadDefaultSeed(), own);
  if (Principals.length === 0) return extended;
  // The roles must not turn other callers into unknown callers.
  const declaresCallers = (own?.Principals?.length ?? 0) > 0;
  const { UndeclaredPrincipals = declaresCallers ? undefined : 'root' } = extended;
  const roleSeed: Seed = parseSeed({ Principals }, 'the roles of the deployment');
  const { Principals: rolePrincipals = [] } = roleSeed;
  return {
    ...extended,
    ...(UndeclaredPrincipals === undefined ? {} : { UndeclaredPrincipals }),
    Principals: [...(extended.Principals ?? []), ...rolePrincipals],
  } as Seed;
}
