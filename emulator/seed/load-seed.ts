import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suggestName } from '../../shared/errors/closest-name.ts';
import type { LocalKmsOptions } from './local-kms/translate-local-kms.ts';
import { loadDefaultSeed, parseSeed, parseSeedText, readSeed } from './read-seed.ts';
import { SeedError } from './seed-error.ts';
import { type ParsedSeed, type Seed, type SeedInput, seedSource } from './seed-schema.ts';

/** The names of the seeds that are not files. */
const namedSeeds = ['default', 'none'];

/**
 * Loads a seed in any form: a name, an object, YAML text, or a file. Text with a line break or a colon and a space is YAML,
 * unless a file has this name. Throws `SeedError`.
 */
export async function loadSeed(
  seed: SeedInput | ParsedSeed | string | URL | undefined,
  localKms?: LocalKmsOptions,
): Promise<Seed> {
  if (seed === undefined || seed === 'none') return parseSeed({});
  if (seed === 'default') return loadDefaultSeed();
  if (seed instanceof URL) return readSeed(fileURLToPath(seed), localKms);
  if (typeof seed === 'string') return loadText(seed, localKms);
  if (typeof seed !== 'object' || seed === null) {
    throw new SeedError('the seed must be an object, the path of a seed file, YAML text, `default` or `none`');
  }
  return isParsed(seed) ? seed : parseSeed(seed, 'the seed', localKms);
}

function isParsed(seed: SeedInput | ParsedSeed): seed is Seed {
  return seedSource in seed;
}

function loadText(seed: string, localKms: LocalKmsOptions | undefined): Promise<Seed> {
  if (!seed.includes('\n')) {
    if (/\.(ya?ml|json)$/i.test(seed) || existsSync(seed)) return readSeed(seed, localKms);
    if (!/^\s*\{|:\s/.test(seed)) {
      throw new SeedError(
        `there is no seed file ${seed}, and it is not YAML with the members of a seed.${suggestName(seed, namedSeeds)}`,
      );
    }
  }
  return parseSeedText(seed, 'the seed', localKms);
}

/** Adds the entries of `own` to a seed. Error messages contain the name and the positions of `own`, whose entries come first. */
export function extendSeed(base: Seed, own: Seed): Seed {
  return {
    ...base,
    ...own,
    Keys: [...own.Keys, ...base.Keys],
    CustomKeyStores: [...(own.CustomKeyStores ?? []), ...(base.CustomKeyStores ?? [])],
    Principals: [...(own.Principals ?? []), ...(base.Principals ?? [])],
    AbsentAliases: [...(own.AbsentAliases ?? []), ...(base.AbsentAliases ?? [])],
    AbsentCustomKeyStores: [...(own.AbsentCustomKeyStores ?? []), ...(base.AbsentCustomKeyStores ?? [])],
    [seedSource]: { ...own[seedSource], ...(base[seedSource].isPublic ? { isPublic: true } : {}) },
  };
}
