/** Separates the words of an AWS value: `PendingDeletion` becomes `Pending deletion`. */
export function splitWords(value: string): string {
  const words = value.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.charAt(0) + words.slice(1).toLowerCase();
}
