import { parseArn } from '../declaration/arn.ts';

/**
 * A list of keys, as a claim or a deployment writes it, separated by blanks or commas:
 *
 * | entry | allows |
 * |---|---|
 * | `1234abcd-…`, `mrk-…`, or the key's ARN | that key, by its id, its ARN, or an alias |
 * | `alias/payments` | what that alias points to, when it is named by it |
 * | `alias/payments/*` | the same for every alias that fits; `*` stands for any text |
 * | `tag:team=payments` | every key with that tag, by whatever name |
 * | `*` | every key that the service reaches |
 */
export interface KeyList {
  readonly any: boolean;
  readonly ids: ReadonlySet<string>;
  readonly aliases: readonly RegExp[];
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** API Gateway writes a list in a claim as text: `[a b]`. What is neither text nor a list of it allows nothing. */
export function readKeyList(value: unknown): KeyList {
  const entries = (Array.isArray(value) ? value : [value])
    .filter((item) => typeof item === 'string')
    .flatMap((item) => item.replaceAll(/^\[|\]$/g, '').split(/[\s,]+/))
    .filter((entry) => entry !== '');
  return {
    any: entries.includes('*'),
    ids: new Set(entries.filter((entry) => !/^(alias\/|tag:|\*)/.test(entry)).map(nameOf)),
    aliases: entries.filter((entry) => entry.startsWith('alias/')).map(aliasPattern),
    tags: entries.filter((entry) => entry.startsWith('tag:')).map(tagOf),
  };
}

/** Whether the name by which a request calls a key is enough to allow it. */
export function allowsName({ any, ids, aliases }: KeyList, key: string): boolean {
  const name = nameOf(key);
  return any || ids.has(name) || aliases.some((pattern) => pattern.test(name));
}

/** Whether it can matter what key stands behind a name, or how it is tagged. */
export function needsFacts({ ids, tags }: KeyList): boolean {
  return ids.size > 0 || tags.length > 0;
}

/** The id, or the alias name, without what an ARN has before it. */
export function nameOf(key: string): string {
  const resource = parseArn(key)?.resource ?? key;
  return resource.startsWith('key/') ? resource.slice('key/'.length) : resource;
}

function aliasPattern(entry: string): RegExp {
  const literal = entry.split('*').map((part) => part.replaceAll(/[^\w/-]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}

/** `tag:team=payments`; without `=` the value is empty. */
function tagOf(entry: string): [key: string, value: string] {
  const [key = '', ...value] = entry.slice('tag:'.length).split('=');
  return [key, value.join('=')];
}
