import type { ApiOperation } from './open-api-document.ts';

/**
 * Returns the operations that contain every word of a query in their name, summary, route or group. Operations whose name
 * contains every word come first.
 */
export function searchOperations(operations: readonly ApiOperation[], query: string): readonly ApiOperation[] {
  const words = splitWords(query);
  if (words.length === 0) return operations;
  const inName = (operation: ApiOperation) =>
    containsAll(`${splitWords(operation.name).join(' ')} ${operation.id}`, words);
  const found = operations.filter((operation) => containsAll(describeForSearch(operation), words));
  return [...found.filter(inName), ...found.filter((operation) => !inName(operation))];
}

function describeForSearch({ name, id, summary, path, group, method }: ApiOperation): string {
  return [name, id, ...splitWords(name), summary, path, ...splitWords(path), group, method].join(' ');
}

function containsAll(text: string, words: readonly string[]): boolean {
  const searched = text.toLowerCase();
  return words.every((word) => searched.includes(word));
}

/** Splits a name, a route or a query into lower-case words: `GenerateDataKey` into `generate data key`. */
function splitWords(text: string): string[] {
  return text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
