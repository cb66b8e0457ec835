import { compact } from '../declaration/json-object.ts';
import { boundText } from './bound-text.ts';

const maxFrames = 10;

/** Returns the name, code and stack frames of an error's cause, but not its message, which may contain request values. */
export function describeCause(cause: unknown): Record<string, unknown> | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return compact({
    name: boundText(cause.name),
    code: typeof code === 'string' ? boundText(code) : undefined,
    frames: frames.slice(0, maxFrames).map((line) => boundText(line.trim())),
  });
}
