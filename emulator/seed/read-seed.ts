import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { readAsset } from '../core/read-asset.ts';
import { isLocalKmsSeed } from './local-kms/local-kms-format.ts';
import { type LocalKmsOptions, translateLocalKms } from './local-kms/translate-local-kms.ts';
import { repeatInAccounts } from './seed-defaults.ts';
import { createSchemaError, SeedError, type SeedSource } from './seed-error.ts';
import { type Seed, seedSchema, seedSource } from './seed-schema.ts';

/**
 * Reads a seed from parsed JSON or YAML, in our own format or in the local-kms format. Error messages contain `name`.
 * Throws `SeedError` for the first location that is not valid.
 */
export function parseSeed(json: unknown, name = 'the seed', localKms: LocalKmsOptions = {}): Seed {
  if (!isLocalKmsSeed(json)) return parseOwnFormat(json, { name });
  const { seed, keyPaths } = translateLocalKms(json, name, localKms);
  return parseOwnFormat(seed, { name, keyPaths });
}

function parseOwnFormat(json: unknown, source: SeedSource): Seed {
  const parsed = z.safeParse(seedSchema, json);
  if (!parsed.success) throw createSchemaError(source, parsed.error.issues, seedSchema, json);
  const { keys, source: repeated } = repeatInAccounts(parsed.data.Keys, source);
  return { ...parsed.data, Keys: keys, [seedSource]: repeated };
}

/** Reads a seed file in YAML or in JSON, which is a subset of YAML. Throws `SeedError`. */
export async function readSeed(file: string, localKms: LocalKmsOptions = {}): Promise<Seed> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SeedError(`cannot read the seed ${file}: ${(error as Error).message}`);
  }
  return parseSeedText(text, file, localKms);
}

/** Reads a seed from YAML text. Error messages contain `name`. Throws `SeedError`. */
export async function parseSeedText(text: string, name: string, localKms: LocalKmsOptions = {}): Promise<Seed> {
  // Loaded on demand, because most starts do not read YAML.
  const { parse } = await import('yaml');
  let json: unknown;
  try {
    json = parse(text);
    // YAML parses some hexadecimal strings as numbers, but local-kms reads every value as a string.
    if (isLocalKmsSeed(json)) json = parse(text, { schema: 'failsafe' });
  } catch (error) {
    // The other lines of the message quote the text, which may contain key material.
    const [problem = ''] = (error as Error).message.split('\n');
    throw new SeedError(`${name} is not valid YAML: ${problem.replace(/:$/, '')}`);
  }
  return parseSeed(json, name, localKms);
}

/** Loads the seed that the sample events use. Its key material is public. */
export function loadDefaultSeed(): Seed {
  return parseOwnFormat(JSON.parse(readAsset('seed/default.json').toString('utf8')), {
    name: 'the default seed',
    isPublic: true,
  });
}
