import type { OperationInput } from '../../../shared/declaration/operation.ts';
import type { generateLookupToken } from '../generate-lookup-token/operation.ts';

export type Normalization = NonNullable<OperationInput<typeof generateLookupToken>['Normalization']>[number];

/** The order in which the normalizations are applied, whatever their order in the request. */
export const normalizationOrder = ['TRIM', 'NFC', 'LOWER_CASE'] as const satisfies readonly Normalization[];

/**
 * The characters that TRIM removes: those with the property White_Space
 * (https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt). The list is fixed, because `trim` of JavaScript, Python
 * and other languages remove different characters.
 */
const whiteSpace = new Set(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/** A text after normalization, or the rule that it violates. */
export type NormalizedText = { readonly text: string } | { readonly violation: string };

/** Normalizes a text so that its token never changes, also with a later version of Unicode. */
export function normalizeText(value: string, normalizations: ReadonlySet<Normalization>): NormalizedText {
  // UTF-8 has no form for a lone surrogate.
  if (!value.isWellFormed()) return { violation: 'must be well-formed Unicode' };
  const changesCharacters = normalizations.has('NFC') || normalizations.has('LOWER_CASE');
  // A later version of Unicode can define another form for a character that does not exist yet. Other forms are stable
  // (https://www.unicode.org/policies/stability_policy.html).
  if (changesCharacters && /\p{Cn}/u.test(value))
    return { violation: 'contains a character that does not exist in the supported version of Unicode' };
  const trimmed = normalizations.has('TRIM') ? trim(value) : value;
  const composed = normalizations.has('NFC') ? trimmed.normalize('NFC') : trimmed;
  // `toLowerCase` does not depend on the locale. Its result is not always in NFC.
  const lowered = normalizations.has('LOWER_CASE') ? composed.toLowerCase() : composed;
  const text = normalizations.has('NFC') ? lowered.normalize('NFC') : lowered;
  return text === '' ? { violation: 'must not consist only of white space' } : { text };
}

function trim(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && whiteSpace.has(value.charAt(start))) start += 1;
  while (end > start && whiteSpace.has(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}
