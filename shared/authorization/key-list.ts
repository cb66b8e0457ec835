import { parseArn } from '../declaration/arn.ts';

/**
 * The keys that a claim or a parameter allows a caller to use. Spaces or commas separate the entries, which have these
 * forms:
 *
 * | entry | allows |
 * |---|---|
 * | `1234abcd-…`, `mrk-…`, or a key ARN | that key, identified by its id, its ARN or an alias |
 * | `alias/payments` | the key that the alias points to, identified by the alias |
 * | `alias/payments/*` | the key of each alias that matches, identified by the alias; `*` matches any text |
 * | `tag:team=payments` | every key with that tag, identified in any form |
 * | `*` | every key that the service may use |
 */
export interface KeyList {
  readonly allowsAll: boolean;
  readonly ids: ReadonlySet<string>;
  readonly aliases: readonly RegExp[];
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/**
 * Parses a key list. API Gateway converts a list in a claim to text, such as `[a b]`. A value of another type does not
 * allow any key.
 */
export function parseKeyList(value: unknown): KeyList {
  const entries = (Array.isArray(value) ? value : [value])
    .filter((item) => typeof item === 'string')
    .flatMap((item) => item.replaceAll(/^\[|\]$/g, '').split(/[\s,]+/))
    .filter((entry) => entry !== '');
  return {
    allowsAll: entries.includes('*'),
    ids: new Set(entries.filter((entry) => !/^(alias\/|tag:|\*)/.test(entry)).map(readName)),
    aliases: entries.filter((entry) => entry.startsWith('alias/')).map(parseAliasPattern),
    tags: entries.filter((entry) => entry.startsWith('tag:')).map(parseTag),
  };
}

/** Returns `true` if the list allows a key identifier. Does not call KMS. */
export function allowsIdentifier({ allowsAll, ids, aliases }: KeyList, identifier: string): boolean {
  const name = readName(identifier);
  return allowsAll || ids.has(name) || aliases.some((pattern) => pattern.test(name));
}

/**
 * Returns `true` if the list contains key ids or tags. Only KMS can resolve an alias to a key id, or return a key's
 * tags.
 */
export function needsLookup({ ids, tags }: KeyList): boolean {
  return ids.size > 0 || tags.length > 0;
}

/** Returns the key id or alias name from a key identifier, which may be an ARN. */
function readName(identifier: string): string {
  const resource = parseArn(identifier)?.resource ?? identifier;
  return resource.startsWith('key/') ? resource.slice('key/'.length) : resource;
}

function parseAliasPattern(entry: string): RegExp {
  const literals = entry.split('*').map((part) => part.replaceAll(/[^\w/-]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`);
}

/** Parses an entry such as `tag:team=payments`. Without a `=`, the value is empty. */
function parseTag(entry: string): [key: string, value: string] {
  const [key = '', ...value] = entry.slice('tag:'.length).split('=');
  return [key, value.join('=')];
}
