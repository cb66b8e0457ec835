import { compact } from '../../../shared/declaration/json-object.ts';
import { isKeyIdentifier } from '../../../shared/declaration/key-identifier.ts';
import type { InputSchema } from '../../../shared/declaration/operation.ts';
import type { Explanation } from '../../authorization/explain.ts';
import type { Principal } from '../../authorization/principal.ts';
import type { Caller } from '../../core/credential.ts';
import { hideRequestValues } from './hide-request-values.ts';
import type { RequestRecord } from './request-record.ts';

/** The longest texts in a record. */
const maxLength = { name: 128, text: 2_048 };

/**
 * Collects facts about a request while the emulator processes it. Every request has an entry, so an entry only keeps
 * references. It formats a record when the record is read.
 */
export class RequestEntry {
  readonly requestId: string;
  caller: Caller | undefined = undefined;
  principal: Principal | undefined = undefined;
  keyArn: string | undefined = undefined;
  explanation: Explanation | undefined = undefined;
  /** The request, whose values `fail` removes from the message. */
  json: unknown = undefined;
  /** The schema of the request, if the operation is known. */
  schema: InputSchema | undefined = undefined;

  readonly #timeMs = Date.now();
  readonly #startedMs = performance.now();
  #endedMs = 0;
  #operation: string;
  #keyId: string | undefined = undefined;
  #code: string | undefined = undefined;
  #message = '';

  constructor(requestId: string, operation: string) {
    this.requestId = requestId;
    this.#operation = shorten(operation, maxLength.name);
  }

  set operation(name: string) {
    this.#operation = shorten(name, maxLength.name);
  }

  /** Ignores a text that is not a key identifier, because it could be a secret. */
  set keyId(identifier: string | undefined) {
    this.#keyId = isKeyIdentifier(identifier) ? identifier : undefined;
  }

  get hasFailed(): boolean {
    return this.#code !== undefined;
  }

  fail(code: string, message: string): void {
    this.#code = code;
    this.#message = shorten(hideRequestValues(message, this.json, this.schema), maxLength.text);
  }

  /** Ends the request. Releases the input, which can contain secrets. */
  end(): void {
    this.json = undefined;
    this.#endedMs = performance.now();
  }

  toRecord(sequence: number): RequestRecord {
    const account = this.principal?.account ?? this.caller?.account;
    const outcome = this.#code === undefined ? 'ok' : this.#code.startsWith('AccessDenied') ? 'denied' : 'error';
    return compact({
      sequence,
      time: new Date(this.#timeMs).toISOString(),
      operation: this.#operation,
      account,
      region: this.caller?.region,
      principal: this.principal?.arn,
      accessKeyId: this.caller && shorten(this.caller.accessKeyId, maxLength.name),
      keyId: this.#keyId,
      keyArn: this.keyArn,
      outcome: outcome as RequestRecord['outcome'],
      code: this.#code,
      message: this.#message || undefined,
      explanation: this.explanation,
      durationMs: Math.round((this.#endedMs - this.#startedMs) * 100) / 100,
      requestId: this.requestId,
    });
  }
}

/** Shortens a text. Copies the rest, because a slice would keep the whole text in memory. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${Buffer.from(text.slice(0, length - 1), 'utf16le').toString('utf16le')}…`;
}
