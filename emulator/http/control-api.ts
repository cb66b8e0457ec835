import type { Clock } from '../core/clock.ts';
import { applySeed, restoreSeed } from '../seed/apply-seed.ts';
import type { Seed } from '../seed/seed-schema.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { Store } from '../store/store.ts';

/** What tests steer an emulator with: in its process by these names, from outside by the paths below `/_kms/`. */
export interface ControlApi {
  readonly clock: Clock;
  /** Lays the seeded keys back to what the seed says; all others stay as they are. */
  restoreSeed(): Promise<void>;
  /** Removes everything and lays the seed down anew. */
  reset(): Promise<void>;
  /** All that the store holds, as JSON; key material stays sealed. */
  snapshot(): Snapshot;
  /** Puts a snapshot of this emulator, or of one with the same master key, in the place of everything. */
  restore(snapshot: Snapshot): void;
}

export function createControlApi(store: Store, clock: Clock, seed: Seed): ControlApi {
  return {
    clock,
    restoreSeed: layingBack(store, clock, seed),
    reset: async () => {
      store.clear();
      await applySeed(store, seed, clock.now());
    },
    snapshot: () => store.snapshot(),
    restore: (snapshot) => store.restore(snapshot),
  };
}

/** Tests lay back before each of them, and many only read: where nothing was written since, and time was not moved, all lies. */
function layingBack(store: Store, clock: Clock, seed: Seed): () => Promise<void> {
  let laid = '';
  return async () => {
    const { own, others } = store.versions;
    if (laid === `${own} ${others} ${clock.offsetMs}`) return;
    await restoreSeed(store, seed, clock.now());
    // What others wrote meanwhile is not among it.
    laid = `${store.versions.own} ${others} ${clock.offsetMs}`;
  };
}
