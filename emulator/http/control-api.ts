import type { Explanation } from '../authorization/explain.ts';
import type { Principal } from '../authorization/principal.ts';
import type { Clock } from '../core/clock.ts';
import { applySeed, restoreSeed } from '../seed/apply-seed.ts';
import type { Seed } from '../seed/seed-schema.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { ExplainRequest } from './explain-request.ts';
import type { RequestLog } from './requests/request-log.ts';
import type { KnownPrincipal, RequestRecord } from './requests/request-record.ts';

/**
 * Controls a running emulator in tests. Other processes can call the same methods over HTTP, on paths below `/_kms/`.
 */
export interface ControlApi {
  /** The emulator's clock, which tests can set and advance. */
  readonly clock: Clock;
  /** Resets the seeded keys to the seed and keeps all other keys. */
  restoreSeed(): Promise<void>;
  /** Removes everything from the store and applies the seed. */
  reset(): Promise<void>;
  /** Returns the content of the store as JSON. Key material stays encrypted. */
  snapshot(): Snapshot;
  /**
   * Replaces the content of the store with a snapshot. Throws StoreError if the snapshot has a different master key or
   * schema version.
   */
  restore(snapshot: Snapshot): void;
  /**
   * Explains whether policies and grants allow a request, without running it. Throws KmsError if the input is not
   * valid.
   */
  explain(request: ExplainRequest): Promise<Explanation>;
  /**
   * Returns the last 500 requests, oldest first. Calls to the control API are not included. `after` omits the requests
   * up to this sequence number.
   */
  listRequests(after?: number): readonly RequestRecord[];
  /** Returns the principals in the seed. */
  listPrincipals(): readonly KnownPrincipal[];
}

interface ControlledParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly principals: ReadonlyMap<string, Principal>;
  readonly dispatcher: Dispatcher;
  readonly requests: RequestLog;
}

export function createControlApi(parts: ControlledParts): ControlApi {
  const { store, clock, seed, principals, dispatcher, requests } = parts;
  return {
    clock,
    restoreSeed: createRestoreSeed(store, clock, seed),
    reset: async () => {
      store.clear();
      await applySeed(store, seed, clock.now());
    },
    snapshot: () => store.snapshot(),
    restore: (snapshot) => store.restore(snapshot),
    explain: (request) => dispatcher.explain(request),
    listRequests: (after) => requests.list(after),
    listPrincipals: () => [...principals].map(([accessKeyId, { arn, account }]) => ({ accessKeyId, arn, account })),
  };
}

/**
 * Restores the seed only if the store or the clock has changed since the last restore. Test suites restore the seed
 * before every test, and many tests only read.
 */
function createRestoreSeed(store: Store, clock: Clock, seed: Seed): () => Promise<void> {
  let restoredAt = '';
  return async () => {
    const { own, others } = store.versions;
    if (restoredAt === `${own} ${others} ${clock.offsetMs}`) return;
    await restoreSeed(store, seed, clock.now());
    // Keeps the version of other processes' writes from before the restore, so that the next call reverts their later
    // writes.
    restoredAt = `${store.versions.own} ${others} ${clock.offsetMs}`;
  };
}
