import { type Location, readAliasName, toArn } from './key-identifiers.ts';
import { matchWildcards } from './match-wildcards.ts';

/**
 * The keys that a claim or a parameter allows a caller to use. Spaces or commas separate the entries, which have these
 * forms:
 *
 * | entry | allows |
 * |---|---|
 * | a key ARN | that key, identified by its ARN, its id or an alias |
 * | `1234abcd-…` or `mrk-…` | the key with this id in the function's Region, in the same forms |
 * | an alias ARN | the key that the alias points to, identified by the alias in the ARN's Region |
 * | `alias/payments` | the key that the alias points to in the function's Region, identified by the alias |
 * | `alias/payments/*` | the key of each alias that matches, identified by the alias; `*` matches any text |
 * | `tag:team=payments` | every key with that tag, identified in any form |
 * | `*` | every key that the service may use |
 */
export interface KeyList {
  readonly allowsAll: boolean;
  /** Key ARNs. */
  readonly keys: ReadonlySet<string>;
  readonly aliases: readonly AliasPattern[];
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** The aliases that an entry allows. */
interface AliasPattern {
  /** The part of the alias ARN before the alias name. It must match exactly. */
  readonly prefix: string;
  /** The parts of the alias name between the wildcards. */
  readonly literals: readonly string[];
}

/**
 * Parses a key list. API Gateway converts a list in a claim to text, such as `[a b]`. A value of another type does not
 * allow any key.
 */
export function parseKeyList(value: unknown, location: Location): KeyList {
  const entries = (Array.isArray(value) ? value : [value])
    .filter((item) => typeof item === 'string')
    .flatMap((item) => item.replaceAll(/^\[|\]$/g, '').split(/[\s,]/))
    .filter((entry) => entry !== '');
  const named = entries.filter((entry) => entry !== '*' && !entry.startsWith('tag:'));
  return {
    allowsAll: entries.includes('*'),
    keys: new Set(named.filter((entry) => readAliasName(entry) === undefined).map((entry) => toArn(entry, location))),
    aliases: named.flatMap((entry) => parseAliasPattern(entry, location)),
    tags: entries.filter((entry) => entry.startsWith('tag:')).map(parseTag),
  };
}

/** Returns `true` if the list allows a key identifier. Does not call KMS. */
export function allowsIdentifier(list: KeyList, identifier: string, location: Location): boolean {
  if (list.allowsAll) return true;
  const name = readAliasName(identifier);
  if (name === undefined) return list.keys.has(toArn(identifier, location));
  const prefix = readPrefix(identifier, name, location);
  return list.aliases.some((pattern) => pattern.prefix === prefix && matchWildcards(pattern.literals, name));
}

/**
 * Returns `true` if the list contains key ids or tags. Only KMS can resolve an alias to a key id, or return a key's
 * tags.
 */
export function needsLookup({ keys, tags }: KeyList): boolean {
  return keys.size > 0 || tags.length > 0;
}

function parseAliasPattern(entry: string, location: Location): AliasPattern[] {
  const name = readAliasName(entry);
  return name === undefined ? [] : [{ prefix: readPrefix(entry, name, location), literals: name.split('*') }];
}

/** Returns the part of an alias ARN before the alias name. */
function readPrefix(identifier: string, name: string, location: Location): string {
  return toArn(identifier, location).slice(0, -name.length);
}

/** Parses an entry such as `tag:team=payments`. Without a `=`, the value is empty. */
function parseTag(entry: string): [key: string, value: string] {
  const [key = '', ...value] = entry.slice('tag:'.length).split('=');
  return [key, value.join('=')];
}
