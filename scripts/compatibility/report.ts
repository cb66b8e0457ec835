/** What a program reported about its client. */
export interface Report {
  readonly version: string;
  /** The steps that succeeded. */
  readonly passed: readonly string[];
  /** Why the run failed. Undefined if every expected step succeeded. */
  readonly failure?: string;
}

/**
 * Reads the output of a program. Each line is `version: VERSION`, `ok: STEP` or `failed: MESSAGE`; other lines are
 * ignored. A run without all expected steps is a failure, even with exit code 0.
 */
export function readReport(output: string, exitCode: number, steps: readonly string[]): Report {
  const read = (label: string) =>
    output.split('\n').flatMap((line) => (line.startsWith(`${label}: `) ? [line.slice(label.length + 2).trim()] : []));
  const passed = read('ok');
  const [version = 'unknown'] = read('version');
  const missing = steps.find((step) => !passed.includes(step));
  const failure = describeFailure(missing, read('failed')[0], exitCode);
  return { version, passed, ...(failure === undefined ? {} : { failure }) };
}

function describeFailure(missing: string | undefined, message: string | undefined, exitCode: number) {
  if (missing !== undefined) return `${missing}: ${message ?? `not reported, exit code ${exitCode}`}`;
  if (message !== undefined) return message;
  return exitCode === 0 ? undefined : `exit code ${exitCode}`;
}
