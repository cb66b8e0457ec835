/** Matches a string and the colon after it, or a bracket. Only names are followed by a colon. */
const nameOrBracket = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * Returns the first name that occurs twice in an object, or `undefined`. JSON.parse keeps only the last value of such a
 * name, so a second `Condition` could replace the first. The text must be valid JSON.
 */
export function findDuplicateName(json: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, text = '', colon] of json.matchAll(nameOrBracket)) {
    if (token === '{' || token === '[') objects.push(new Set());
    else if (token === '}' || token === ']') objects.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(text) as string;
      const names = objects.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
