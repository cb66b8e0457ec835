import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/** Deeper than any request of KMS (whose deepest is a list of structures). */
const maxDepth = 16;

/**
 * Refuses a `__proto__` name anywhere, which validation would drop in silence, and nesting beyond any request's.
 * Walks level by level: a hostile depth must not end the stack.
 */
export function refuseUnsafeJson(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new KmsFunctionsError('SerializationException', 'The request is nested too deeply.');
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const [name, inner] of Object.entries(item)) {
        if (name === '__proto__')
          throw new KmsFunctionsError('SerializationException', 'The request has a name that is not allowed.');
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}
