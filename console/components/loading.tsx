import type { ComponentChildren } from 'preact';
import type { Loaded } from '../state/use-load.ts';
import { ErrorNote } from './error-note.tsx';

interface Props<Value> {
  readonly loaded: Loaded<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

/** Shows a loaded value, the error instead of it, or that it loads. */
export function Loading<Value>({ loaded, children }: Props<Value>) {
  const { value, error, reload } = loaded;
  if (error !== undefined) return <ErrorNote error={error} onRetry={reload} />;
  if (value === undefined) return <p class="loading">Loading…</p>;
  return <>{children(value)}</>;
}
