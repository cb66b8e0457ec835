/** The SDK's own log of each call, with its input and output: never wanted here. */
export function getLoggerPlugin(): { applyToStack: () => void } {
  return { applyToStack: () => {} };
}

/** What that log would show of a call: nothing. */
export function schemaLogFilter(): string {
  return '';
}

/** The runtime is Lambda's Node 24, which the SDK supports. */
export function emitWarningIfUnsupportedVersion(): void {}

/** AWS's statistics of which features of the SDK are in use, a part of the user agent. */
export function checkFeatures(): Promise<void> {
  return Promise.resolve();
}
