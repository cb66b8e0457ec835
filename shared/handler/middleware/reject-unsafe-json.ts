import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/** More than the depth of any request of KMS, whose deepest member is a list of structures. */
const maxDepth = 16;

/**
 * Rejects a `__proto__` name anywhere in a request, which validation would silently drop, and too deep nesting. Walks level
 * by level instead of recursively, so that hostile nesting cannot exhaust the stack.
 */
export function rejectUnsafeJson(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new KmsFunctionsError('SerializationException', 'The request is nested too deeply.');
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const [name, inner] of Object.entries(item)) {
        if (name === '__proto__')
          throw new KmsFunctionsError('SerializationException', 'The request contains the forbidden name `__proto__`.');
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}
