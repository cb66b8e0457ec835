import { KmsError } from './kms-error.ts';

/** Collects a request's violated constraints and reports them in the AWS format. */
export class Violations {
  readonly rules: string[] = [];
  readonly #violations: { readonly value: unknown; readonly path: string; readonly rule: string }[] = [];

  /**
   * Adds a violation. `value` is `undefined` if AWS omits the value from the message, as for blobs and sensitive
   * members.
   */
  add(value: unknown, path: string, rule: string): void {
    this.rules.push(rule);
    this.#violations.push({ value, path, rule });
  }

  /** Throws ValidationException if there are violations. Formats values only now, when all their types are correct. */
  throwIfAny(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const sentences = this.#violations.map(
      ({ value, path, rule }) => `Value ${formatValue(value)}at '${path}' failed to satisfy constraint: ${rule}`,
    );
    const noun = count === 1 ? 'error' : 'errors';
    throw new KmsError('ValidationException', `${count} validation ${noun} detected: ${sentences.join('; ')}`);
  }
}

function formatValue(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return 'null ';
  return Array.isArray(value) ? `'[${value.map(String).join(', ')}]' ` : `'${String(value)}' `;
}
