import { signal } from '@preact/signals';
import type { TrialValues } from './trial.ts';

const empty: TrialValues = { bytes: {}, choices: {}, context: [] };

/** The values in the forms of each key. They stay in memory while the user opens other pages or switches the caller. */
const valuesByKey = signal<ReadonlyMap<string, TrialValues>>(new Map());

export function getTrialValues(keyId: string): TrialValues {
  return valuesByKey.value.get(keyId) ?? empty;
}

export function changeTrialValues(keyId: string, change: Partial<TrialValues>): void {
  const earlier = getTrialValues(keyId);
  valuesByKey.value = new Map(valuesByKey.value).set(keyId, {
    ...earlier,
    ...change,
    bytes: { ...earlier.bytes, ...change.bytes },
    choices: { ...earlier.choices, ...change.choices },
  });
}
