import { nowMs } from '../state/clock.ts';
import { formatRelative, formatTime } from '../text/format-time.ts';

interface Props {
  readonly time: Date | undefined;
  readonly isRelative?: boolean;
}

/** A time in UTC, or relative to the emulator's clock. */
export function TimeText({ time, isRelative }: Props) {
  if (time === undefined) return <span class="muted">–</span>;
  const full = formatTime(time);
  return (
    <time dateTime={time.toISOString()} title={full}>
      {isRelative ? formatRelative(time, nowMs.value) : full}
    </time>
  );
}
