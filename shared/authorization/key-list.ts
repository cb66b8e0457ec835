import { parseArn } from '../declaration/arn.ts';

/**
 * A list of keys in a claim or a parameter. Entries are separated by spaces or commas:
 *
 * | entry | allows |
 * |---|---|
 * | `1234abcd-…`, `mrk-…`, or a key ARN | that key, named by its id, its ARN or an alias |
 * | `alias/payments` | the key that the alias points to, named by the alias |
 * | `alias/payments/*` | the same for every alias that matches; `*` matches any text |
 * | `tag:team=payments` | every key with that tag, named by any identifier |
 * | `*` | every key that the service reaches |
 */
export interface KeyList {
  readonly allowsAll: boolean;
  readonly ids: ReadonlySet<string>;
  readonly aliases: readonly RegExp[];
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** Parses a key list. API Gateway converts a list in a claim to text: `[a b]`. A value of another type does not allow any key. */
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

/** Returns `true` if the list allows the key identifier in the request, without a lookup. */
export function allowsIdentifier({ allowsAll, ids, aliases }: KeyList, identifier: string): boolean {
  const name = readName(identifier);
  return allowsAll || ids.has(name) || aliases.some((pattern) => pattern.test(name));
}

/** Returns `true` if the list may allow a key by facts that only KMS can provide: the key id of an alias, or the key's tags. */
export function needsLookup({ ids, tags }: KeyList): boolean {
  return ids.size > 0 || tags.length > 0;
}

/** Returns the key id or alias name of a key identifier, without the prefix of an ARN. */
function readName(identifier: string): string {
  const resource = parseArn(identifier)?.resource ?? identifier;
  return resource.startsWith('key/') ? resource.slice('key/'.length) : resource;
}

function parseAliasPattern(entry: string): RegExp {
  const literals = entry.split('*').map((part) => part.replaceAll(/[^\w/-]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`);
}

/** Parses `tag:team=payments`. The value is empty if there is no `=`. */
function parseTag(entry: string): [key: string, value: string] {
  const [key = '', ...value] = entry.slice('tag:'.length).split('=');
  return [key, value.join('=')];
}
