import { useId } from 'preact/hooks';
import { Select } from '../components/select.tsx';
import { type BytesFormat, bytesFormats } from './bytes.ts';
import type { BytesValue } from './trial.ts';

interface Props {
  readonly label: string;
  readonly value: BytesValue;
  readonly onChange: (value: BytesValue) => void;
}

/** An input for bytes as text, hex or base64. */
export function BytesField({ label, value, onChange }: Props) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        <Select<BytesFormat>
          label={`Format of ${label}`}
          value={value.format}
          options={bytesFormats}
          onChange={(format) => onChange({ ...value, format })}
        />
      </div>
      <textarea
        id={id}
        rows={3}
        spellcheck={false}
        class={value.format === 'text' ? undefined : 'code'}
        value={value.text}
        onInput={({ currentTarget }) => onChange({ ...value, text: currentTarget.value })}
      />
    </div>
  );
}
