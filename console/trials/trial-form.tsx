import type { KeyMetadata } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { KeyValueRows, toRecord } from '../components/key-value-rows.tsx';
import { Select } from '../components/select.tsx';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import { decodeBytes, encodeBytes } from './bytes.ts';
import { BytesField } from './bytes-field.tsx';
import { type BytesInput, bytesInputs, type ChoiceInput, choiceInputs, type Trial, type TrialOutput } from './trial.ts';
import { TrialOutputs } from './trial-outputs.tsx';
import { changeTrialValues, getTrialValues } from './trial-values.ts';

interface Props {
  readonly trial: Trial;
  readonly keyId: string;
  readonly metadata: KeyMetadata;
  readonly onSelect: (operation: string) => void;
}

export function TrialForm({ trial, keyId, metadata, onSelect }: Props) {
  const values = getTrialValues(keyId);
  const [outputs, setOutputs] = useState<readonly TrialOutput[]>();
  const choices = readChoices(trial, metadata, values.choices);
  const hasContext = trial.hasContext?.(metadata) ?? false;

  const run = useAction(async () => {
    setOutputs(undefined);
    const bytes = decodeInputs(trial, keyId);
    const context = hasContext ? toRecord(values.context) : undefined;
    setOutputs(await trial.run({ client: kms(), KeyId: keyId, bytes, choices: pickValues(choices), context }));
  });

  const useOutput = ({ value, next }: TrialOutput) => {
    if (next === undefined || !(value instanceof Uint8Array)) return;
    changeTrialValues(keyId, { bytes: { [next.input]: { text: encodeBytes(value, 'base64'), format: 'base64' } } });
    onSelect(next.operation);
  };

  return (
    <div class="trial">
      <Card title={trial.operation}>
        <Form onSubmit={() => run.run()}>
          {trial.bytes.map((input) => (
            <BytesField
              key={input}
              label={bytesInputs[input]}
              value={values.bytes[input] ?? defaultValue(input)}
              onChange={(value) => changeTrialValues(keyId, { bytes: { [input]: value } })}
            />
          ))}
          <div class="columns">
            {choices.map(({ input, options, value }) => (
              <Field key={input} label={choiceInputs[input]}>
                <Select
                  value={value}
                  options={options}
                  onChange={(value) => changeTrialValues(keyId, { choices: { [input]: value } })}
                />
              </Field>
            ))}
          </div>
          {hasContext && (
            <KeyValueRows
              legend="Encryption context"
              item="pair"
              rows={values.context}
              onChange={(context) => changeTrialValues(keyId, { context })}
            />
          )}
          <footer>
            <button type="submit" class="primary" disabled={run.isRunning}>
              {trial.title}
            </button>
          </footer>
        </Form>
      </Card>
      <section class="card result" aria-live="polite" aria-label="Result">
        <header>
          <h2>Result</h2>
        </header>
        <ErrorNote error={run.error} />
        {outputs !== undefined && <TrialOutputs outputs={outputs} onUse={useOutput} />}
        {outputs === undefined && run.error === undefined && (
          <p class="muted">The request appears in the request log, as the request of any other client does.</p>
        )}
      </section>
    </div>
  );
}

function defaultValue(input: BytesInput) {
  const isText = input === 'plaintext' || input === 'message';
  return { text: '', format: isText ? 'text' : 'base64' } as const;
}

interface Choice {
  readonly input: ChoiceInput;
  readonly options: readonly string[];
  readonly value: string;
}

/** Returns the selected values, or the first value of each list whose selected value this operation does not support. */
function readChoices(
  { choices = {} }: Trial,
  metadata: KeyMetadata,
  selected: Readonly<Partial<Record<ChoiceInput, string>>>,
): readonly Choice[] {
  return Object.entries(choices).map(([name, list]) => {
    const input = name as ChoiceInput;
    const options = list(metadata);
    const wanted = selected[input];
    return { input, options, value: wanted !== undefined && options.includes(wanted) ? wanted : (options[0] ?? '') };
  });
}

function pickValues(choices: readonly Choice[]): Record<ChoiceInput, string> {
  return Object.fromEntries(choices.map(({ input, value }) => [input, value])) as Record<ChoiceInput, string>;
}

/** Reports that an input is not valid in its format. */
class InputError extends Error {
  override name = 'Invalid input';
}

function decodeInputs(trial: Trial, keyId: string): Record<BytesInput, Uint8Array> {
  const values = getTrialValues(keyId);
  const decoded = trial.bytes.map((input) => {
    const { text, format } = values.bytes[input] ?? defaultValue(input);
    try {
      return [input, decodeBytes(text, format)];
    } catch (error) {
      throw new InputError(`${bytesInputs[input]}: ${(error as TypeError).message}`);
    }
  });
  return Object.fromEntries(decoded) as Record<BytesInput, Uint8Array>;
}
