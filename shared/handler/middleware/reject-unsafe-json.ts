import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';

/**
 * The maximum nesting depth. It exceeds that of any KMS request. The most deeply nested KMS member is a list of
 * structures.
 */
const maxDepth = 16;
/**
 * Rejects requests that contain the name `__proto__`, which validation would silently drop, that are nested too deeply,
 * or whose names and values are too long. Direct invocation accepts events of 6 MB, which KMS would reject. Checks level
 * by level instead of recursively, so that malicious nesting cannot exhaust the stack.
 */
export function rejectUnsafeJson(value: unknown, maxTextLength: number): void {
  let level: unknown[] = [value];
  let textLength = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new KmsFunctionsError('SerializationException', 'The request is nested too deeply.');
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const [name, inner] of Object.entries(item)) {
        if (name === '__proto__')
          throw new KmsFunctionsError('SerializationException', 'The request contains the forbidden name `__proto__`.');
        textLength += name.length;
        if (typeof inner === 'string') textLength += inner.length;
        else if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    if (textLength > maxTextLength)
      throw new KmsFunctionsError('PayloadTooLargeError', `The request must not exceed ${maxTextLength} characters.`);
    level = next;
  }
}
