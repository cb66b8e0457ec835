import { escapeControls } from '../escape-controls.ts';
import type { Terminal } from '../terminal.ts';

/** The shortest time between two updates. */
const updateMs = 100;
const maxNameLength = 24;

export interface ProgressBar {
  /** Shows the progress. `name` replaces the name of the bar. */
  update(doneBytes: number, totalBytes: number | undefined, name?: string): void;
  /** Shows the last state, and ends the line. */
  end(): void;
}

/** Creates a progress bar on standard error: by default only on a terminal. */
export function createProgressBar(
  name: string,
  { stderr }: Pick<Terminal, 'stderr'>,
  isWanted: boolean = stderr.isTTY ?? false,
): ProgressBar {
  if (!isWanted) return { update: () => {}, end: () => {} };
  // The rate starts with the first bytes, because the service is called before them.
  let first: { readonly bytes: number; readonly ms: number } | undefined;
  let label = shorten(escapeControls(name));
  let shownMs = Number.NEGATIVE_INFINITY;
  let last: readonly [doneBytes: number, totalBytes: number | undefined] | undefined;
  const show = (doneBytes: number, totalBytes: number | undefined) => {
    const line = formatProgress({
      label,
      doneBytes,
      totalBytes,
      bytesPerMs: first === undefined ? 0 : (doneBytes - first.bytes) / Math.max(1, performance.now() - first.ms),
      // A terminal whose size is unknown has 0 columns.
      columns: stderr.columns || 80,
    });
    stderr.write(`\r${line}\u001b[K`);
  };
  return {
    update(doneBytes, totalBytes, newName) {
      last = [doneBytes, totalBytes];
      if (newName !== undefined) label = newName;
      const nowMs = performance.now();
      if (doneBytes > 0) first ??= { bytes: doneBytes, ms: nowMs };
      if (nowMs - shownMs < updateMs) return;
      shownMs = nowMs;
      show(doneBytes, totalBytes);
    },
    end() {
      if (last === undefined) return;
      show(...last);
      stderr.write('\n');
    },
  };
}

interface Progress {
  readonly label: string;
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly bytesPerMs: number;
  readonly columns: number;
}

/** Formats a line that fits the terminal: name, bar, percentage, size, rate and remaining time, in columns. */
export function formatProgress({ label, doneBytes, totalBytes, bytesPerMs, columns }: Progress): string {
  const rate = bytesPerMs > 0 ? `${formatBytes(bytesPerMs * 1000)}/s` : '';
  if (totalBytes === undefined) return `${label}  ${formatBytes(doneBytes)}  ${rate}`.slice(0, columns - 1).trimEnd();
  const ratio = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const isRunning = bytesPerMs > 0 && ratio < 1;
  const facts = [
    `${Math.floor(ratio * 100)}%`.padStart(4),
    `${formatBytes(doneBytes).padStart(8)} of ${formatBytes(totalBytes)}`,
    rate.padStart(10),
    isRunning ? `${formatSeconds((totalBytes - doneBytes) / bytesPerMs / 1000)} left` : ''.padStart(9),
  ].join('  ');
  const barLength = Math.min(30, columns - label.length - facts.length - 7);
  const bar = barLength >= 5 ? [drawBar(ratio, barLength)] : [];
  return [label, ...bar, facts]
    .join('  ')
    .slice(0, columns - 1)
    .trimEnd();
}

function drawBar(ratio: number, length: number): string {
  const filled = Math.round(ratio * length);
  return `[${'#'.repeat(filled)}${'-'.repeat(length - filled)}]`;
}

/** Formats a size with decimal units, as file managers and disks do: `104.9 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const exponent = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** exponent;
  return `${exponent === 0 ? Math.round(value) : value.toFixed(1)} ${units[exponent]}`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(whole % 60)}` : `${minutes}:${padded(whole % 60)}`;
}

function shorten(name: string): string {
  return name.length <= maxNameLength ? name : `...${name.slice(3 - maxNameLength)}`;
}
