/**
 * A policy string that can contain wildcards and policy variables
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html). Wildcard characters in a
 * variable's value are ordinary characters.
 */
export type Template = Pattern | VariableTemplate;

interface VariableTemplate {
  readonly parts: readonly (string | Wildcard | Variable)[];
}

interface Variable {
  readonly variable: string;
  readonly fallback: string | undefined;
}

type Wildcard = typeof anyRun | typeof anyOne;

/** A text with wildcards, split at each `*`. A pattern without `*` has one piece. */
export interface Pattern {
  readonly pieces: readonly Piece[];
}

/** A text in which each `?` at one of the `wildcards` positions is a wildcard. */
interface Piece {
  readonly text: string;
  readonly wildcards: readonly number[];
}

const anyRun = Symbol('*');
const anyOne = Symbol('?');

const variable = /\$\{([^}]{0,509})\}/y;
/** The characters that `${*}`, `${?}` and `${$}` escape. */
const escapes = new Set(['*', '?', '$']);

/** Parses a policy string. Only policies with version 2012-10-17 support variables. */
export function parseTemplate(text: string, hasVariables: boolean): Template {
  const parts: VariableTemplate['parts'][number][] = [];
  for (let at = 0; at < text.length; at += 1) {
    variable.lastIndex = at;
    const [whole, name] = (hasVariables && variable.exec(text)) || [];
    if (whole !== undefined && name !== undefined) {
      parts.push(escapes.has(name) ? name : parseVariable(name));
      at += whole.length - 1;
    } else parts.push(toPart(text.charAt(at)));
  }
  return parts.some((part) => typeof part === 'object') ? { parts } : buildPattern(parts as Parts);
}

type Parts = readonly (string | Wildcard)[];

/** Parses `name` or `name, 'default value'`. */
function parseVariable(text: string): Variable {
  const [, name = text, fallback] = /^(.*?)\s*,\s*'(.*)'\s*$/s.exec(text) ?? [];
  return { variable: name.trim(), fallback };
}

function toPart(character: string): string | Wildcard {
  if (character === '*') return anyRun;
  return character === '?' ? anyOne : character;
}

function buildPattern(parts: Parts): Pattern {
  const pieces: { text: string; wildcards: number[] }[] = [{ text: '', wildcards: [] }];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (part === anyRun || last === undefined) pieces.push({ text: '', wildcards: [] });
    else if (part === anyOne) {
      last.wildcards.push(last.text.length);
      last.text += '?';
    } else last.text += part;
  }
  return { pieces };
}

/** Replaces the variables in a template. If a variable has no value, returns `undefined`, which matches nothing. */
export function fillTemplate(
  template: Template,
  readVariable: (variable: string) => string | undefined,
): Pattern | undefined {
  if ('pieces' in template) return template;
  const parts: (string | Wildcard)[] = [];
  for (const part of template.parts) {
    const filled = typeof part === 'object' ? (readVariable(part.variable) ?? part.fallback) : part;
    if (filled === undefined) return undefined;
    parts.push(filled);
  }
  return buildPattern(parts);
}

/**
 * Returns whether a text matches a pattern. Looks for each piece once, because the leftmost match of a piece leaves most
 * text for the others.
 */
export function matches({ pieces }: Pattern, text: string): boolean {
  const [first, ...others] = pieces;
  const last = others.pop();
  if (first === undefined || !matchesAt(first, text, 0)) return false;
  if (last === undefined) return text.length === first.text.length;
  const end = text.length - last.text.length;
  let from = first.text.length;
  for (const piece of others) {
    const found = findPiece(piece, text, from, end);
    if (found === -1) return false;
    from = found + piece.text.length;
  }
  return from <= end && matchesAt(last, text, end);
}

/** Returns the position of the first match that begins at `from` or later and ends before `end`, or -1. */
function findPiece(piece: Piece, text: string, from: number, end: number): number {
  const start = piece.wildcards.length === 0 ? text.indexOf(piece.text, from) : searchPiece(piece, text, from);
  return start <= end - piece.text.length ? start : -1;
}

/**
 * Searches with a regular expression, which is faster than comparing characters. The expression contains no quantifiers,
 * so the time grows only with the length of the text.
 */
function searchPiece({ text: wanted, wildcards }: Piece, text: string, from: number): number {
  const escaped = Array.from({ length: wanted.length }, (_, at) =>
    wildcards.includes(at) ? '[^]' : `\\u${wanted.charCodeAt(at).toString(16).padStart(4, '0')}`,
  );
  const expression = new RegExp(escaped.join(''), 'g');
  expression.lastIndex = from;
  return expression.exec(text)?.index ?? -1;
}

function matchesAt({ text: wanted, wildcards }: Piece, text: string, start: number): boolean {
  if (start + wanted.length > text.length) return false;
  let from = 0;
  for (const wildcard of wildcards) {
    if (!text.startsWith(wanted.slice(from, wildcard), start + from)) return false;
    from = wildcard + 1;
  }
  return text.startsWith(from === 0 ? wanted : wanted.slice(from), start + from);
}

/** Returns a pattern's text, with its wildcards as ordinary characters. */
export function toLiteral({ pieces: [first, ...others] }: Pattern): string {
  const start = first?.text ?? '';
  return others.length === 0 ? start : [start, ...others.map(({ text }) => text)].join('*');
}

/** The number of parts in an ARN. Any colons after the fifth belong to the last part. */
const arnParts = 6;

/**
 * Returns whether an ARN matches a pattern. A wildcard matches only within one part of the ARN
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  const patternParts = splitPattern(pattern);
  const [first = '', ...more] = arn.split(':');
  const parts = [first, ...more.slice(0, arnParts - 2), more.slice(arnParts - 2).join(':')];
  return patternParts.length === arnParts && patternParts.every((part, index) => matches(part, parts[index] ?? ''));
}

/** Splits a pattern at its first five colons. */
function splitPattern({ pieces }: Pattern): Pattern[] {
  const split: (string | Wildcard)[][] = [[]];
  pieces.forEach(({ text, wildcards }, index) => {
    if (index > 0) split.at(-1)?.push(anyRun);
    for (let at = 0; at < text.length; at += 1) {
      if (text.charAt(at) === ':' && split.length < arnParts) split.push([]);
      else split.at(-1)?.push(wildcards.includes(at) ? anyOne : text.charAt(at));
    }
  });
  return split.map(buildPattern);
}
