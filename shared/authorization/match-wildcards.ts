/**
 * Returns `true` if a text consists of the literals in this order, with any text between them. Searches for each
 * literal once, after the previous literal, so the time does not grow with the number of ways to match.
 */
export function matchWildcards(literals: readonly string[], text: string): boolean {
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last === undefined) return text === first;
  const endOfOthers = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  for (const literal of others) {
    const found = text.indexOf(literal, position);
    if (found === -1) return false;
    position = found + literal.length;
  }
  return position <= endOfOthers;
}
