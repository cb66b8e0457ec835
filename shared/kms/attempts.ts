import type { Call } from '../call/call.ts';
import { minRequestMs } from '../call/deadline.ts';
import type { UnsafeRetry } from '../declaration/operation.ts';
import { type TimeLimit, timeLimitsMs } from '../declaration/time-limits.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { maxPauseMs } from './timeout.ts';

/** The maximum number of times that a request is sent. */
export const maxAttempts = 2;
/** The minimum time for a request that must not be repeated. With less time, its response could be lost. */
const minUnsafeRequestMs = 1_000;

const tooLittleTime = 'Too little time is left to send the request to KMS.';

interface RequestKind {
  readonly kind: 'attempts' | 'lookups';
  readonly timeLimit: TimeLimit;
  /** Set if the request must not be repeated after KMS may have received it. */
  readonly unsafeRetry?: UnsafeRetry | undefined;
}

/** The attempts of one KMS request. All requests of a call share its deadline. */
export class Attempts {
  readonly #call: Call;
  readonly #kind: RequestKind['kind'];
  readonly #limitsMs: (typeof timeLimitsMs)[TimeLimit];
  readonly #unsafeRetry: UnsafeRetry | undefined;
  #started = 0;
  #wasSent = false;
  #mayRepeat = false;

  constructor(call: Call, { kind, timeLimit, unsafeRetry }: RequestKind) {
    this.#call = call;
    this.#kind = kind;
    this.#limitsMs = timeLimitsMs[timeLimit];
    this.#unsafeRetry = unsafeRetry;
  }

  /**
   * Starts an attempt, and returns its time limit in milliseconds. Throws a `TimeoutError` if too little time is left to
   * send the request. `budgetAllowsRetry` is `false` if the client's retry budget is used up.
   */
  start(budgetAllowsRetry: boolean): number {
    const { leftMs } = this.#call.deadline;
    if (leftMs < this.#minMs) throw new KmsFunctionsError('TimeoutError', tooLittleTime);
    this.#started += 1;
    this.#mayRepeat = budgetAllowsRetry && this.#unsafeRetry === undefined && this.#started < maxAttempts;
    this.#call.kms[this.#kind] += 1;
    return Math.min(leftMs, this.#chooseLimitMs(leftMs));
  }

  /** Adds the duration of an attempt to the time that the call spent in KMS. */
  end(durationMs: number): void {
    this.#call.kms.ms += durationMs;
  }

  /** Records that KMS may receive the request from now on. */
  markSent(): void {
    this.#wasSent = true;
    if (this.#unsafeRetry !== undefined) this.#call.unsafeRetry = this.#unsafeRetry;
  }

  /**
   * Returns `true` if the current attempt may use an idle connection. If KMS has closed the connection, the attempt
   * fails. A second attempt, and a request that is sent only once, use a new connection.
   */
  get mayReuseConnection(): boolean {
    return this.#mayRepeat;
  }

  /** Returns `true` if the request may be sent again, and enough time is left. */
  get allowsRetry(): boolean {
    const isSafe = this.#unsafeRetry === undefined || !this.#wasSent;
    return isSafe && this.#started < maxAttempts && this.#call.deadline.leftMs >= maxPauseMs + this.#minMs;
  }

  get #minMs(): number {
    return this.#unsafeRetry === undefined ? minRequestMs : minUnsafeRequestMs;
  }

  /**
   * Ends the first attempt early only if the second attempt then has at least as much time. Gives the last attempt of
   * the call's own request all the remaining time.
   */
  #chooseLimitMs(leftMs: number): number {
    const { firstAttempt, lastAttempt } = this.#limitsMs;
    if (this.#mayRepeat && leftMs >= 2 * firstAttempt + maxPauseMs) return firstAttempt;
    return this.#kind === 'lookups' ? lastAttempt : leftMs;
  }
}
