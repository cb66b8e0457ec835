import { computed, signal } from '@preact/signals';
import type { RequestRecord } from '../../emulator/http/requests/request-record.ts';
import { listRequests } from './control.ts';
import { reportChange } from './revision.ts';

/** The number of records that the emulator keeps. */
const maxRecords = 500;

/** The records that the emulator has sent, oldest first. */
export const records = signal<readonly RequestRecord[]>([]);
export const isConnected = signal(false);

/** The sequence of the last record before the log was cleared. */
export const clearedAt = signal(0);
/** The sequence of the last record that a paused log shows. */
export const pausedAt = signal<number | undefined>(undefined);

export const visibleRecords = computed(() =>
  records.value.filter(
    ({ sequence }) => sequence > clearedAt.value && sequence <= (pausedAt.value ?? Number.POSITIVE_INFINITY),
  ),
);

export const lastSequence = (): number => records.value.at(-1)?.sequence ?? 0;

/** Returns the record of a request, or `undefined` if the emulator did not record it. */
export async function findRecord(requestId: string): Promise<RequestRecord | undefined> {
  const find = () => records.value.find((record) => record.requestId === requestId);
  if (find() === undefined) await fetchRecords();
  return find();
}

/** The time for which records wait, so that the page changes once for several requests. */
const batchMs = 100;
const arrived: RequestRecord[] = [];

let source: EventSource | undefined;

/**
 * Keeps the log up to date while the page is visible. Browsers open at most six connections to a server, so a hidden page
 * gives its connection back.
 */
export function followLog(): void {
  const follow = () => {
    source?.close();
    source = undefined;
    isConnected.value = false;
    if (document.visibilityState === 'visible') connect();
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}

function connect(): void {
  source = new EventSource('/_kms/requests/stream');
  source.onopen = () => {
    isConnected.value = true;
    // The emulator may have restarted, so its sequence may have started again.
    records.value = [];
    void fetchRecords();
  };
  source.onerror = () => {
    isConnected.value = false;
  };
  source.onmessage = ({ data }: MessageEvent<string>) => {
    arrived.push(JSON.parse(data) as RequestRecord);
    if (arrived.length === 1) setTimeout(() => addRecords(arrived.splice(0)), batchMs);
  };
}

async function fetchRecords(): Promise<void> {
  addRecords((await listRequests(0)).requests);
  if (lastSequence() < clearedAt.value) clearedAt.value = 0;
}

function addRecords(added: readonly RequestRecord[]): void {
  const known = new Set(records.value.map(({ sequence }) => sequence));
  const fresh = added.filter(({ sequence }) => !known.has(sequence));
  if (fresh.length === 0) return;
  records.value = [...records.value, ...fresh].sort((a, b) => a.sequence - b.sequence).slice(-maxRecords);
  if (fresh.some(isChange)) scheduleRefresh();
}

/** Returns whether a request changed what the console's pages show. */
function isChange({ outcome, operation }: RequestRecord): boolean {
  return outcome === 'ok' && !/^(Describe|Get|List)/.test(operation);
}

const refreshMs = 500;
let isRefreshPlanned = false;

/** Combines the changes of several requests. */
function scheduleRefresh(): void {
  if (isRefreshPlanned) return;
  isRefreshPlanned = true;
  setTimeout(() => {
    isRefreshPlanned = false;
    reportChange();
  }, refreshMs);
}
