/**
 * Texts with wildcards and variables, as policies have them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html). A variable's value is taken
 * literally: a wildcard in it matches itself alone.
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
/** `${*}`, `${?}` and `${$}` are the characters themselves. */
const escapes = new Set(['*', '?', '$']);

/** Only policies of version 2012-10-17 have variables. */
export function templateOf(text: string, hasVariables: boolean): Template {
  const parts: Template['parts'][number][] = [];
  for (let at = 0; at < text.length; at += 1) {
    const [whole, name] = (hasVariables && variable.exec(text.slice(at, at + 512))) || [];
    if (whole !== undefined && name !== undefined) {
      if (escapes.has(name)) parts.push(name);
      else parts.push(variableOf(name));
      at += whole.length - 1;
    } else parts.push(wildcardOf(text.charAt(at)));
  }
  return { parts };
}

/** `name`, or `name, 'what stands for it where it has no value'`. */
function variableOf(text: string): { variable: string; fallback: string | undefined } {
  const [, name = text, fallback] = /^(.*?)\s*,\s*'(.*)'\s*$/s.exec(text) ?? [];
  return { variable: name.trim(), fallback };
}

function wildcardOf(character: string): Token {
  if (character === '*') return anyRun;
  return character === '?' ? anyOne : character;
}

/** The template with its variables filled in; undefined where one has no value, and then nothing matches. */
export function fill({ parts }: Template, lookUp: (variable: string) => string | undefined): Pattern | undefined {
  const pattern: Token[] = [];
  for (const part of parts) {
    if (typeof part !== 'object') {
      pattern.push(part);
      continue;
    }
    const value = lookUp(part.variable) ?? part.fallback;
    if (value === undefined) return undefined;
    for (let at = 0; at < value.length; at += 1) pattern.push(value.charAt(at));
  }
  return pattern;
}

/** Wildcards taken as wildcards. Steps grow with pattern times text at most. */
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

/** Wildcards taken as the characters that they are. */
export function literal(pattern: Pattern): string {
  return pattern.map((token) => (token === anyRun ? '*' : token === anyOne ? '?' : token)).join('');
}

export function lowerCase(pattern: Pattern): Pattern {
  return pattern.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));
}

/** The first five colons part an ARN; a wildcard stays within its part. */
const arnParts = 6;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  const ofPattern: Token[][] = [[]];
  for (const token of pattern) {
    if (token === ':' && ofPattern.length < arnParts) ofPattern.push([]);
    else ofPattern.at(-1)?.push(token);
  }
  const [first = '', ...more] = arn.split(':');
  const ofArn = [first, ...more.slice(0, arnParts - 2), more.slice(arnParts - 2).join(':')];
  return ofPattern.length === arnParts && ofPattern.every((part, index) => matches(part, ofArn[index] ?? ''));
}
