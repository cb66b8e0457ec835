/**
 * Returns whether a response may contain numbers that JavaScript cannot represent. KMS responses contain no such
 * numbers.
 */
export function needsReviver(): boolean {
  return false;
}

export function jsonReviver(): never {
  throw new Error('The parser for large numbers is not in this bundle.');
}
