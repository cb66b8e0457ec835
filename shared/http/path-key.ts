/**
 * Converts key identifiers in paths. HTTP APIs decode `%2F` before they match a route, so a path segment cannot contain
 * a slash. A dot can replace each slash, because key ids, alias names and KMS ARNs do not contain dots.
 */

/** Converts `alias/team/app` to `alias.team.app`. */
export function toPathKey(key: string): string {
  return key.replaceAll('/', '.');
}

/** Converts `alias.team.app` to `alias/team/app`. */
export function fromPathKey(segment: string): string {
  return segment.replaceAll('.', '/');
}
