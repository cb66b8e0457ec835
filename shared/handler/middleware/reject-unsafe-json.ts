import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/** This limit is deeper than any KMS request. The most deeply nested KMS member is a list of structures. */
const maxDepth = 16;

/**
 * Rejects requests that contain the name `__proto__`, which validation would silently drop, or that are nested too deeply.
 * Checks level by level instead of recursively, so that malicious nesting cannot exhaust the stack.
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
