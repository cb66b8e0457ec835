import { signal } from '@preact/signals';
import type { KeyTabProps } from '../key/key-page.tsx';
import { TrialForm } from './trial-form.tsx';
import { listTrials } from './trials.ts';

/** The operation that each key's tab shows. */
const selected = signal<ReadonlyMap<string, string>>(new Map());

export function TryTab({ metadata, keyId }: KeyTabProps) {
  const trials = listTrials(metadata);
  const trial = trials.find(({ operation }) => operation === selected.value.get(keyId)) ?? trials[0];
  const select = (operation: string) => {
    selected.value = new Map(selected.value).set(keyId, operation);
  };
  if (trial === undefined) return null;
  return (
    <>
      <fieldset class="segments">
        <legend class="visually-hidden">Operation</legend>
        {trials.map(({ operation, title }) => (
          <label key={operation}>
            <input
              type="radio"
              name="operation"
              checked={operation === trial.operation}
              onChange={() => select(operation)}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <TrialForm
        key={`${keyId} ${trial.operation}`}
        trial={trial}
        keyId={keyId}
        metadata={metadata}
        onSelect={select}
      />
    </>
  );
}
