import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Select } from '../components/select.tsx';
import { announce } from '../state/announcement.ts';
import { advance, isShifted, moveTo, nowMs, shiftMs } from '../state/clock.ts';
import { useAction } from '../state/use-action.ts';
import { formatShift, formatTime } from '../text/format-time.ts';

const units = { hours: 'hours', days: 'days' } as const;
const unitMs = { hours: 3_600_000, days: 86_400_000 } as const;
type Unit = keyof typeof units;

const steps = [
  { text: '+1 hour', milliseconds: unitMs.hours },
  { text: '+1 day', milliseconds: unitMs.days },
  { text: '+30 days', milliseconds: 30 * unitMs.days },
  { text: '+1 year', milliseconds: 365 * unitMs.days },
];

export function ClockCard() {
  const [count, setCount] = useState(90);
  const [unit, setUnit] = useState<Unit>('days');
  const move = useAction(async (milliseconds: number) => {
    await advance(milliseconds);
    announce(`The emulator's time is now ${formatTime(new Date(nowMs.value))}.`);
  });
  const reset = useAction(async () => {
    await moveTo(new Date());
    announce("The emulator's clock is now the system clock.");
  });
  return (
    <Card
      title="Clock"
      actions={
        isShifted.value && (
          <button type="button" onClick={() => void reset.run()}>
            Return to the system time
          </button>
        )
      }
    >
      <p class="clock">
        <time dateTime={new Date(nowMs.value).toISOString()}>{formatTime(new Date(nowMs.value))}</time>
        {isShifted.value && <span class="badge accent">{formatShift(shiftMs.value)}</span>}
      </p>
      <p class="muted">
        Rotations, deletions and expirations follow this clock. Advance it to see what they do to your program.
      </p>
      <div class="actions">
        {steps.map(({ text, milliseconds }) => (
          <button key={text} type="button" disabled={move.isRunning} onClick={() => void move.run(milliseconds)}>
            {text}
          </button>
        ))}
      </div>
      <Form isInline onSubmit={() => move.run(count * unitMs[unit])}>
        <Field label="Advance by">
          <input
            type="number"
            min={1}
            required
            value={count}
            onInput={({ currentTarget }) => setCount(currentTarget.valueAsNumber)}
          />
        </Field>
        <Select label="Unit" value={unit} options={units} onChange={setUnit} />
        <button type="submit" disabled={move.isRunning}>
          Advance
        </button>
      </Form>
      <ErrorNote error={move.error ?? reset.error} />
    </Card>
  );
}
