import { KmsError } from './kms-error.ts';

/** Collects a request's violated constraints and reports them in the AWS format. */
export class Violations {
  readonly rules: string[] = [];
  readonly #sentences: string[] = [];

  /**
   * Adds a violation. `value` is `undefined` if AWS omits the value from the message, as for blobs and sensitive
   * members.
   */
  add(value: unknown, path: string, rule: string): void {
    this.rules.push(rule);
    this.#sentences.push(`Value ${formatValue(value)}at '${path}' failed to satisfy constraint: ${rule}`);
  }

  throwIfAny(): void {
    const count = this.#sentences.length;
    if (count === 0) return;
    const noun = count === 1 ? 'error' : 'errors';
    throw new KmsError('ValidationException', `${count} validation ${noun} detected: ${this.#sentences.join('; ')}`);
  }
}

function formatValue(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return 'null ';
  return Array.isArray(value) ? `'[${value.map(String).join(', ')}]' ` : `'${String(value)}' `;
}
