import { KmsError } from './kms-error.ts';

/** The broken constraints of a request, in AWS's wording. */
export class Violations {
  readonly rules: string[] = [];
  readonly #sentences: string[] = [];

  /** `value` undefined: AWS does not print it (blobs, sensitive members). */
  add(value: unknown, path: string, rule: string): void {
    this.rules.push(rule);
    this.#sentences.push(`Value ${shown(value)}at '${path}' failed to satisfy constraint: ${rule}`);
  }

  throwIfAny(): void {
    const count = this.#sentences.length;
    if (count === 0) return;
    const noun = count === 1 ? 'error' : 'errors';
    throw new KmsError('ValidationException', `${count} validation ${noun} detected: ${this.#sentences.join('; ')}`);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return 'null ';
  return Array.isArray(value) ? `'[${value.map(String).join(', ')}]' ` : `'${String(value)}' `;
}
