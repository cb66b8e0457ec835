/**
 * A policy string that can contain wildcards and policy variables
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html). Wildcard characters in a
 * variable's value are ordinary characters.
 */
export interface Template {
  readonly parts: readonly (Token | { readonly variable: string; readonly fallback: string | undefined })[];
}

/** One character, or a wildcard. */
type Token = string | typeof anyRun | typeof anyOne;
export type Pattern = readonly Token[];

const anyRun = Symbol('*');
const anyOne = Symbol('?');

const variable = /^\$\{([^}]*)\}/;
/** The characters that `${*}`, `${?}` and `${$}` escape. */
const escapes = new Set(['*', '?', '$']);

/** Parses a policy string. Only policies with version 2012-10-17 support variables. */
export function parseTemplate(text: string, hasVariables: boolean): Template {
  const parts: Template['parts'][number][] = [];
  for (let at = 0; at < text.length; at += 1) {
    const [whole, name] = (hasVariables && variable.exec(text.slice(at, at + 512))) || [];
    if (whole !== undefined && name !== undefined) {
      if (escapes.has(name)) parts.push(name);
      else parts.push(parseVariable(name));
      at += whole.length - 1;
    } else parts.push(toToken(text.charAt(at)));
  }
  return { parts };
}

/** Parses `name` or `name, 'default value'`. */
function parseVariable(text: string): { variable: string; fallback: string | undefined } {
  const [, name = text, fallback] = /^(.*?)\s*,\s*'(.*)'\s*$/s.exec(text) ?? [];
  return { variable: name.trim(), fallback };
}

function toToken(character: string): Token {
  if (character === '*') return anyRun;
  return character === '?' ? anyOne : character;
}

/** Replaces the variables in a template. If a variable has no value, returns `undefined`, which matches nothing. */
export function fillTemplate(
  { parts }: Template,
  readVariable: (variable: string) => string | undefined,
): Pattern | undefined {
  const pattern: Token[] = [];
  for (const part of parts) {
    if (typeof part !== 'object') {
      pattern.push(part);
      continue;
    }
    const value = readVariable(part.variable) ?? part.fallback;
    if (value === undefined) return undefined;
    for (let at = 0; at < value.length; at += 1) pattern.push(value.charAt(at));
  }
  return pattern;
}

/**
 * Returns whether a text matches a pattern. The number of steps is at most the pattern length times the text length.
 */
export function matches(pattern: Pattern, text: string): boolean {
  let at = 0;
  let next = 0;
  let run = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const token = pattern[next];
    if (token === anyOne || token === text.charAt(at)) {
      at += 1;
      next += 1;
    } else if (token === anyRun) {
      run = next;
      resumeAt = at;
      next += 1;
    } else if (run >= 0) {
      resumeAt += 1;
      at = resumeAt;
      next = run + 1;
    } else return false;
  }
  while (pattern[next] === anyRun) next += 1;
  return next === pattern.length;
}

/** Returns a pattern's text, with its wildcards as ordinary characters. */
export function toLiteral(pattern: Pattern): string {
  return pattern.map((token) => (token === anyRun ? '*' : token === anyOne ? '?' : token)).join('');
}

export function toLowerCase(pattern: Pattern): Pattern {
  return pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));
}

/** The number of parts in an ARN. Any colons after the fifth belong to the last part. */
const arnParts = 6;

/**
 * Returns whether an ARN matches a pattern. A wildcard matches only within one part of the ARN
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  const patternParts: Token[][] = [[]];
  for (const token of pattern) {
    if (token === ':' && patternParts.length < arnParts) patternParts.push([]);
    else patternParts.at(-1)?.push(token);
  }
  const [first = '', ...more] = arn.split(':');
  const parts = [first, ...more.slice(0, arnParts - 2), more.slice(arnParts - 2).join(':')];
  return patternParts.length === arnParts && patternParts.every((part, index) => matches(part, parts[index] ?? ''));
}
