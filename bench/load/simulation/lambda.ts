import type { OperationName } from '../../../functions/all-operations.ts';

/** A sandbox. The SDK keeps its retry tokens here. */
export interface Sandbox {
  isCold: boolean;
  retryTokens: number;
}

const initialRetryTokens = 500;

interface Pool {
  readonly limit: number | undefined;
  readonly idle: Sandbox[];
  busy: number;
}

/**
 * Lambda's concurrency in an account. A function with a reservation cannot use more than it, and the other functions share
 * the rest (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). Reuses the sandbox that was used
 * last.
 */
export class LambdaAccount {
  readonly #pools = new Map<OperationName, Pool>();
  readonly #shared: number;
  #sharedBusy = 0;
  #busy = 0;
  #changedMs = 0;
  /** The sum of the times for which sandboxes were busy. */
  #busyMs = 0;
  /** The highest number of busy sandboxes in the current period, and in the last one. */
  #maxBusy = 0;
  lastMaxBusy = 0;

  constructor(concurrency: number, reserved: ReadonlyMap<OperationName, number>) {
    this.#shared = concurrency - [...reserved.values()].reduce((total, count) => total + count, 0);
    for (const [name, limit] of reserved) this.#pools.set(name, { limit, idle: [], busy: 0 });
  }

  /** Returns a sandbox, or `undefined` if Lambda throttles the invocation. */
  acquire(name: OperationName, nowMs: number): Sandbox | undefined {
    const pool = this.#pools.get(name) ?? { limit: undefined, idle: [], busy: 0 };
    this.#pools.set(name, pool);
    if (pool.limit === undefined ? this.#sharedBusy >= this.#shared : pool.busy >= pool.limit) return undefined;
    if (pool.limit === undefined) this.#sharedBusy += 1;
    pool.busy += 1;
    this.#changeBusy(1, nowMs);
    return pool.idle.pop() ?? { isCold: true, retryTokens: initialRetryTokens };
  }

  release(name: OperationName, sandbox: Sandbox, nowMs: number): void {
    const pool = this.#pools.get(name);
    if (pool === undefined) return;
    if (pool.limit === undefined) this.#sharedBusy -= 1;
    pool.busy -= 1;
    this.#changeBusy(-1, nowMs);
    sandbox.isCold = false;
    pool.idle.push(sandbox);
  }

  /** Starts a period, and returns the sum of the times for which sandboxes were busy until now. */
  startPeriod(nowMs: number): number {
    this.#changeBusy(0, nowMs);
    this.lastMaxBusy = this.#maxBusy;
    this.#maxBusy = this.#busy;
    return this.#busyMs;
  }

  #changeBusy(change: number, nowMs: number): void {
    this.#busyMs += this.#busy * (nowMs - this.#changedMs);
    this.#changedMs = nowMs;
    this.#busy += change;
    this.#maxBusy = Math.max(this.#maxBusy, this.#busy);
  }
}
