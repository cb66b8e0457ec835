interface Props<Value extends string> {
  readonly id?: string;
  readonly value: Value;
  readonly options: readonly Value[] | Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
  readonly label?: string;
}

/** A list of choices. `options` maps values to their texts, or lists values that are their own texts. */
export function Select<Value extends string>({ id, value, options, onChange, label, ...rest }: Props<Value>) {
  const entries = Array.isArray(options) ? options.map((option) => [option, option]) : Object.entries(options);
  return (
    <select
      {...rest}
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}
    >
      {entries.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
