import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/** A packaged function. */
export interface FunctionPackage {
  readonly bundle: string;
  readonly timeoutMs: number;
}

export interface Invocation {
  readonly requestId: string;
  readonly billedMs: number;
  /** The function's result, or `undefined` if Lambda stopped the function at its timeout. */
  readonly result: unknown;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

/**
 * Runs a function as Lambda does: each sandbox has its own instance of the bundle and handles one event at a time. Reuses
 * the sandbox that was used last.
 */
export class Sandboxes {
  readonly #package: FunctionPackage;
  readonly #idle: Handler[] = [];
  busy = 0;
  maxBusy = 0;

  constructor(functionPackage: FunctionPackage) {
    this.#package = functionPackage;
  }

  /** Starts sandboxes before the load starts. */
  warmUp(count: number): void {
    for (let index = 0; index < count; index += 1) this.#idle.push(this.#load());
  }

  async invoke(event: unknown): Promise<Invocation> {
    const { timeoutMs } = this.#package;
    const handler = this.#idle.pop() ?? this.#load();
    const requestId = randomUUID();
    this.busy += 1;
    this.maxBusy = Math.max(this.maxBusy, this.busy);
    const startMs = performance.now();
    const getRemainingTimeInMillis = () => startMs + timeoutMs - performance.now();
    const context = { awsRequestId: requestId, functionName: 'load', getRemainingTimeInMillis };
    let timer: NodeJS.Timeout | undefined;
    const killed = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeoutMs);
    });
    const result = await Promise.race([handler(event, context), killed]);
    clearTimeout(timer);
    this.busy -= 1;
    if (result !== undefined) this.#idle.push(handler);
    return { requestId, billedMs: Math.ceil(performance.now() - startMs), result };
  }

  #load(): Handler {
    const load = createRequire(import.meta.url);
    const { bundle } = this.#package;
    delete load.cache[load.resolve(bundle)];
    return (load(bundle) as { handler: Handler }).handler;
  }
}
