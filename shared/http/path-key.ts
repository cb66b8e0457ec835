/**
 * Keys in paths. HTTP APIs decode `%2F` before they match a route, so a slash cannot be sent in a path segment: it is
 * written as a dot, which no key id, alias name or KMS ARN contains.
 */

/** `alias/team/app` → `alias.team.app` */
export function toPathKey(key: string): string {
  return key.replaceAll('/', '.');
}

/** `alias.team.app` → `alias/team/app` */
export function fromPathKey(segment: string): string {
  return segment.replaceAll('.', '/');
}
