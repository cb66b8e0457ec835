/** Adds the prefix that every alias has. */
export function formatAlias(name: string): string {
  return name.startsWith('alias/') ? name : `alias/${name}`;
}
