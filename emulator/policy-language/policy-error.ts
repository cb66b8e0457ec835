/** Reports an invalid policy document. The message contains the reason. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

/** Reads a string or a list of strings. `name` is the element's name for the error. */
export function readTexts(value: unknown, name: string): string[] {
  const values = [value].flat();
  if (values.length === 0 || !values.every((item) => typeof item === 'string')) {
    throw new PolicyError(`Policy contains a statement with an invalid ${name}`);
  }
  return values as string[];
}
