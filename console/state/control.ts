import type { KnownPrincipal, RequestRecord } from '../../emulator/http/requests/request-record.ts';
import type { Snapshot } from '../../emulator/store/snapshot.ts';

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
export const listPrincipals = () => call<{ readonly principals: readonly KnownPrincipal[] }>('GET', 'principals');
export const listRequests = (after: number) =>
  call<{ readonly requests: readonly RequestRecord[] }>('GET', `requests?after=${after}`);
