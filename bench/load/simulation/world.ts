import type { KmsOperation, OperationName } from '../../../functions/all-operations.ts';
import { findQuota } from '../../../shared/declaration/request-quotas.ts';
import { chooseGapMs } from '../random.ts';
import { EventQueue } from './event-queue.ts';
import { LambdaAccount, type Sandbox } from './lambda.ts';
import type { Product } from './product.ts';
import { TokenBucket } from './token-bucket.ts';

/** Calls of an operation at a constant rate. */
export interface Traffic {
  readonly operation: KmsOperation;
  readonly perSecond: number;
  /** KMS never responds to these calls. */
  readonly isHung?: boolean;
}

export interface WorldOptions {
  readonly product: Product;
  readonly traffic: readonly Traffic[];
  /** The requests per second of each KMS quota, by name. Other quotas have their default. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly concurrency: number;
  readonly reserved: ReadonlyMap<OperationName, number>;
  /** The throttles of the routes. */
  readonly routes: ReadonlyMap<OperationName, { readonly rate: number; readonly burst: number }>;
}

/** The figures of an operation's calls that started after the warm-up. */
export interface OperationFigures {
  calls: number;
  ok: number;
  throttled: number;
  timedOut: number;
  kmsAttempts: number;
  kmsThrottled: number;
  billedMs: number;
}

const clients = 100;
const clientTimeoutMs = 30_000;
const retryAfterMs = 1_000;
/** Durations of the parts of a call. */
const gatewayMs = 5;
const handlerMs = 3;
const coldStartMs = 250;
const chooseKmsMs = () => 5 + Math.random() * 8;

const gatewayThrottle = { status: 429, code: 'GatewayError', retryable: true, retryAfterMs: undefined } as const;
/** API Gateway's response if Lambda throttles the invocation. */
const lambdaThrottle = { status: 503, code: 'GatewayError', retryable: true, retryAfterMs: undefined } as const;
const kmsThrottle = { status: 429, code: 'ThrottlingException', retryable: true, retryAfterMs } as const;
const kmsTimeout = { status: 504, code: 'TimeoutError', retryable: true, retryAfterMs: undefined } as const;
type Failure = typeof gatewayThrottle | typeof lambdaThrottle | typeof kmsThrottle | typeof kmsTimeout;

/** Simulates callers, an HTTP API, functions and KMS. */
export class World {
  readonly #options: WorldOptions;
  readonly #events = new EventQueue();
  readonly #quotas = new Map<string, TokenBucket>();
  readonly #routes = new Map<string, TokenBucket>();
  readonly #clients: ReturnType<Product['createClient']>[];
  readonly lambda: LambdaAccount;
  readonly figures = new Map<Traffic, OperationFigures>();
  #measuresFromMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.lambda = new LambdaAccount(options.concurrency, options.reserved);
    this.#clients = Array.from({ length: clients }, () => options.product.createClient());
    for (const [name, { rate, burst }] of options.routes) this.#routes.set(name, new TokenBucket(rate, burst));
  }

  /** Runs traffic, and counts the calls that start after the warm-up. Returns the mean number of busy sandboxes. */
  run(warmUpMs: number, durationMs: number): number {
    this.#measuresFromMs = warmUpMs;
    for (const traffic of this.#options.traffic) this.#arrive(traffic, warmUpMs + durationMs);
    this.#events.runUntil(warmUpMs);
    const busyMs = this.lambda.startPeriod(warmUpMs);
    this.#events.runUntil(warmUpMs + durationMs);
    const meanBusy = (this.lambda.startPeriod(warmUpMs + durationMs) - busyMs) / durationMs;
    // Calls that have started end.
    this.#events.runUntil(warmUpMs + durationMs + 2 * clientTimeoutMs);
    return meanBusy;
  }

  #arrive(traffic: Traffic, endMs: number): void {
    this.#events.after(chooseGapMs(traffic.perSecond, Math.random), () => {
      if (this.#events.nowMs >= endMs) return;
      this.#call(traffic);
      this.#arrive(traffic, endMs);
    });
  }

  #call(traffic: Traffic): void {
    const client = this.#clients[Math.floor(Math.random() * clients)] as ReturnType<Product['createClient']>;
    const endMs = this.#events.nowMs + clientTimeoutMs;
    const state = { attempts: 0, getRemainingMs: () => endMs - this.#events.nowMs };
    const figures = this.#events.nowMs < this.#measuresFromMs ? createFigures() : this.#find(traffic);
    figures.calls += 1;
    client.onCall();
    const attempt = (): void => {
      state.attempts += 1;
      this.#request(traffic, figures, (failure) => {
        if (failure === undefined) {
          figures.ok += 1;
          return;
        }
        const delayMs = client.planRetry(failure, state);
        if (delayMs !== undefined) this.#events.after(delayMs, attempt);
        else if (failure === kmsTimeout) figures.timedOut += 1;
        else figures.throttled += 1;
      });
    };
    attempt();
  }

  /** Sends a request through the HTTP API to a function. */
  #request(traffic: Traffic, figures: OperationFigures, respond: (failure?: Failure) => void): void {
    const name = traffic.operation.name as OperationName;
    const respondLater = (failure?: Failure) => this.#events.after(gatewayMs, () => respond(failure));
    if (this.#routes.get(name)?.take(this.#events.nowMs) === false) {
      respondLater(gatewayThrottle);
      return;
    }
    const sandbox = this.lambda.acquire(name, this.#events.nowMs);
    if (sandbox === undefined) {
      respondLater(lambdaThrottle);
      return;
    }
    const initMs = sandbox.isCold ? coldStartMs : 0;
    const acquiredMs = this.#events.nowMs;
    this.#events.after(initMs + handlerMs, () =>
      this.#sendToKms(traffic, sandbox, figures, (failure) => {
        figures.billedMs += this.#events.nowMs - acquiredMs - initMs;
        this.lambda.release(name, sandbox, this.#events.nowMs);
        respondLater(failure);
      }),
    );
  }

  /** Sends a function's request to KMS, with the retries of the product. */
  #sendToKms(traffic: Traffic, sandbox: Sandbox, figures: OperationFigures, end: (failure?: Failure) => void): void {
    const { product } = this.#options;
    const endMs = this.#events.nowMs + product.functionMs;
    let attempts = 0;
    const attempt = (): void => {
      attempts += 1;
      figures.kmsAttempts += 1;
      const isThrottled = !this.#takeQuota(traffic.operation);
      if (isThrottled) figures.kmsThrottled += 1;
      if (traffic.isHung && !isThrottled) {
        const leftMs = endMs - this.#events.nowMs;
        const limitMs = product.getAttemptMs(attempts, leftMs);
        const isLast = attempts >= product.maxAttempts || limitMs >= leftMs;
        this.#events.after(limitMs, isLast ? () => end(kmsTimeout) : attempt);
        return;
      }
      this.#events.after(chooseKmsMs(), () => {
        if (!isThrottled) return end();
        const next = product.onThrottled(attempts, sandbox);
        if (next === 'respond') end(kmsThrottle);
        else this.#events.after(next.pauseMs, attempt);
      });
    };
    attempt();
  }

  #takeQuota(operation: KmsOperation): boolean {
    const { name, perSecond } = findQuota(operation, undefined);
    const bucket = this.#quotas.get(name) ?? new TokenBucket(this.#options.quotas[name] ?? perSecond);
    this.#quotas.set(name, bucket);
    return bucket.take(this.#events.nowMs);
  }

  #find(traffic: Traffic): OperationFigures {
    const figures = this.figures.get(traffic) ?? createFigures();
    this.figures.set(traffic, figures);
    return figures;
  }
}

function createFigures(): OperationFigures {
  return { calls: 0, ok: 0, throttled: 0, timedOut: 0, kmsAttempts: 0, kmsThrottled: 0, billedMs: 0 };
}
