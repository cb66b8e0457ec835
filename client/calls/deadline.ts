import { CallTimeoutError } from '../errors.ts';

/** The conditions that end a call early. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** The time limit for the whole call, including retries and the delays before them. */
  readonly timeoutMs: number;
}

/** The deadline of a call. It covers all attempts, their response bodies and the delays between them. */
export interface Deadline {
  /** Aborted at the deadline, or when the caller aborts the call. */
  readonly signal: AbortSignal;
  /** The number of attempts so far. */
  attempts: number;
  getRemainingMs(): number;
}

/** Runs `work`. Rejects with CallTimeoutError after `timeoutMs`, or with the signal's reason if the caller aborts. */
export async function withDeadline<T>(
  { signal, timeoutMs }: Limits,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  // Also rejects NaN.
  if (!(timeoutMs > 0)) throw new CallTimeoutError(timeoutMs, 0);
  const controller = new AbortController();
  const endMs = performance.now() + timeoutMs;
  const deadline: Deadline = {
    signal: controller.signal,
    attempts: 0,
    getRemainingMs: () => endMs - performance.now(),
  };
  const timer = setTimeout(() => controller.abort(new CallTimeoutError(timeoutMs, deadline.attempts)), timeoutMs);
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  // Rejects without waiting for the work, because a transport may ignore its signal.
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  try {
    return await Promise.race([aborted, work(deadline)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Resolves after `delayMs`. Rejects with the signal's reason if the signal is aborted first. */
export function delay(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
