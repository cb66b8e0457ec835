import { signal } from '@preact/signals';

/** Counts changes in the emulator. Pages load their content again after each change. */
export const revision = signal(0);

export function reportChange(): void {
  revision.value += 1;
}
