import { useState } from 'preact/hooks';
import { CopyButton } from '../components/copy-button.tsx';
import { Select } from '../components/select.tsx';
import { type BytesFormat, bytesFormats, encodeBytes } from './bytes.ts';
import type { TrialOutput } from './trial.ts';

interface Props {
  readonly outputs: readonly TrialOutput[];
  readonly onUse: (output: TrialOutput) => void;
}

export function TrialOutputs({ outputs, onUse }: Props) {
  return (
    <>
      {outputs.map((output) => (
        <OutputView key={output.name} output={output} onUse={onUse} />
      ))}
    </>
  );
}

function OutputView({ output, onUse }: { readonly output: TrialOutput; readonly onUse: Props['onUse'] }) {
  const { name, value, next, format: first = 'base64' } = output;
  const [format, setFormat] = useState(() => (isText(value, first) ? first : 'base64'));
  if (value === undefined) return null;
  const isBytes = value instanceof Uint8Array;
  const text = isBytes ? (encodeBytes(value, format) ?? 'These bytes are not UTF-8 text.') : value;
  return (
    <div class="output">
      <div class="field-head">
        <h3>
          {name} {isBytes && <span class="muted">{value.length} bytes</span>}
        </h3>
        {isBytes && (
          <Select<BytesFormat> label={`Format of ${name}`} value={format} options={bytesFormats} onChange={setFormat} />
        )}
      </div>
      <output class="code">{text}</output>
      <div class="actions">
        <CopyButton text={text} name={name.toLowerCase()} />
        {next !== undefined && (
          <button type="button" class="small" onClick={() => onUse(output)}>
            Use for {next.operation}
          </button>
        )}
      </div>
    </div>
  );
}

function isText(value: TrialOutput['value'], format: BytesFormat): boolean {
  return !(value instanceof Uint8Array) || encodeBytes(value, format) !== undefined;
}
