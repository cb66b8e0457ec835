import type { Explanation } from '../../emulator/authorization/explain.ts';
import type { Snapshot } from '../../emulator/store/snapshot.ts';

/** A caller that the seed declares. */
export interface SeedPrincipal {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly account: string;
}

/** Reports that the control API rejected a request. */
export class ControlError extends Error {
  override name = 'The emulator rejected the request';
}

async function call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(`/_kms/${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const result = (await response.json()) as Result & { readonly message?: string };
  if (!response.ok) throw new ControlError(result.message ?? `The status is ${response.status}.`);
  return result;
}

export const readClock = () => call<{ readonly now: string }>('GET', 'clock');
export const setClock = (now: Date) => call<{ readonly now: string }>('PUT', 'clock', { now: now.toISOString() });
export const advanceClock = (advanceMs: number) => call<{ readonly now: string }>('PUT', 'clock', { advanceMs });
export const resetToSeed = () => call<object>('POST', 'reset');
export const restoreSeededKeys = () => call<object>('POST', 'restore-seed');
export const takeSnapshot = () => call<Snapshot>('GET', 'snapshot');
export const restoreSnapshot = (json: string) => call<object>('PUT', 'snapshot', json);
export const listPrincipals = () => call<{ readonly principals: readonly SeedPrincipal[] }>('GET', 'principals');
export const listRequests = (after: number) =>
  call<{ readonly requests: readonly RequestRecord[] }>('GET', `requests?after=${after}`);

/** A request in the emulator's log. */
export interface RequestRecord {
  readonly sequence: number;
  readonly time: string;
  readonly operation?: string;
  readonly account?: string;
  readonly region?: string;
  readonly principal?: string;
  readonly accessKeyId?: string;
  readonly keyId?: string;
  readonly keyArn?: string;
  readonly outcome: 'ok' | 'denied' | 'error';
  readonly code?: string;
  readonly message?: string;
  readonly explanation?: Explanation;
  readonly durationMs: number;
  readonly requestId: string;
}
