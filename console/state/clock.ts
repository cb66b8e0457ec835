import { computed, signal } from '@preact/signals';
import { advanceClock, readClock, setClock } from './control.ts';
import { reportChange } from './revision.ts';

/** The difference between the emulator's clock and the system clock. */
const offsetMs = signal(0);
const systemMs = signal(Date.now());

/** The emulator's time, in milliseconds since 1970. It changes once a second. */
export const nowMs = computed(() => systemMs.value + offsetMs.value);

/** True if the emulator's clock differs from the system clock by more than the time that a request takes. */
export const isShifted = computed(() => Math.abs(offsetMs.value) > 10_000);
export const shiftMs = computed(() => offsetMs.value);

export async function syncClock(): Promise<void> {
  applyTime(await readClock());
}

export async function advance(milliseconds: number): Promise<void> {
  applyTime(await advanceClock(milliseconds));
  reportChange();
}

export async function moveTo(time: Date): Promise<void> {
  applyTime(await setClock(time));
  reportChange();
}

function applyTime({ now }: { readonly now: string }): void {
  systemMs.value = Date.now();
  offsetMs.value = Date.parse(now) - systemMs.value;
}

setInterval(() => {
  systemMs.value = Date.now();
}, 1000);
