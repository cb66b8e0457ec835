export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

interface Props {
  readonly legend: string;
  /** What a row is, such as `tag`. */
  readonly item: string;
  readonly rows: readonly KeyValue[];
  readonly onChange: (rows: readonly KeyValue[]) => void;
}

/** Edits a list of names with values. */
export function KeyValueRows({ legend, item, rows, onChange }: Props) {
  const change = (index: number, change: Partial<KeyValue>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <fieldset class="rows">
      <legend>{legend}</legend>
      {rows.map(({ name, value }, index) => (
        <div class="row" key={index}>
          <input
            aria-label={`Key of ${item} ${index + 1}`}
            placeholder="key"
            value={name}
            onInput={({ currentTarget }) => change(index, { name: currentTarget.value })}
          />
          <input
            aria-label={`Value of ${item} ${index + 1}`}
            placeholder="value"
            value={value}
            onInput={({ currentTarget }) => change(index, { value: currentTarget.value })}
          />
          <button
            type="button"
            class="icon"
            aria-label={`Remove ${item} ${index + 1}`}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="small" onClick={() => onChange([...rows, { name: '', value: '' }])}>
        Add {item}
      </button>
    </fieldset>
  );
}

/** Returns the rows with a name as an object, or `undefined` without such rows. */
export function toRecord(rows: readonly KeyValue[]): Record<string, string> | undefined {
  const entries = rows.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
