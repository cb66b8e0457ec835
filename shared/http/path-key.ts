/**
 * Keys in paths. HTTP APIs decode `%2F` before they match a route, so a path segment cannot contain a slash. A dot replaces
 * it: no key id, alias name or KMS ARN contains a dot.
 */

/** `alias/team/app` → `alias.team.app` */
export function toPathKey(key: string): string {
  return key.replaceAll('/', '.');
}

/** `alias.team.app` → `alias/team/app` */
export function fromPathKey(segment: string): string {
  return segment.replaceAll('.', '/');
}
