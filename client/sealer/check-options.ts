import { EnvelopeError } from '../../envelope/format/errors.ts';
import { isObject } from '../../shared/declaration/json-object.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';

/** A requirement on the value of an option. */
export interface Rule {
  readonly isMet: (value: unknown) => boolean;
  /** The end of the error's message, such as `must be a function.` */
  readonly text: string;
}

/** A rule for each option. */
export type Rules<Options> = { readonly [Name in keyof Options]-?: Rule };

/**
 * Returns the options. Throws if one does not exist or has the wrong type: JavaScript would ignore a misspelled
 * `encryptionContext`, and so skip its check. The message does not contain values, which can be confidential.
 */
export function checkOptions<Options extends object>(owner: string, options: Options, rules: Rules<Options>): Options {
  if (!isObject(options)) throw invalidOption(`The options of \`${owner}\` must be an object.`);
  const names = Object.keys(rules);
  for (const [name, value] of Object.entries(options)) {
    if (!names.includes(name)) {
      const hint = suggestName(name, names) || ` It has ${names.join(', ')}.`;
      throw invalidOption(`\`${owner}\` has no option \`${name}\`.${hint}`);
    }
    const { isMet, text } = rules[name as keyof Options];
    if (value !== undefined && !isMet(value)) throw invalidOption(`\`${name}\` ${text}`);
  }
  return options;
}

/** Throws if the argument does not consist of bytes. A Uint8Array from another realm has a different class. */
export function checkBytes(name: 'plaintext' | 'message', value: unknown): void {
  const tag = readTag(value);
  if (tag === 'Uint8Array') return;
  const hints: Readonly<Record<string, string | undefined>> = {
    String: name === 'plaintext' ? ' To seal text, use `new TextEncoder().encode(text)`.' : ' Decode text in base64.',
    ArrayBuffer: ' Use `new Uint8Array(buffer)`.',
    Promise: ' Use `await`.',
    Object: isObject(value) && 'message' in value ? ' Use the member `message` of the object.' : undefined,
  };
  throw invalidOption(`The ${name} must be a Uint8Array.${hints[tag] ?? ''}`);
}

export function invalidOption(message: string): EnvelopeError {
  return new EnvelopeError('InvalidOption', message);
}

/** Returns whether the value is an object with members, but not a Map, a Headers object or another collection. */
export function isPlainObject(value: unknown): value is object {
  return readTag(value) === 'Object';
}

/** Returns the name of a value's built-in class, such as `Promise`. */
function readTag(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
