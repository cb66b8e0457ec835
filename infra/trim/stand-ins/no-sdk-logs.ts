/** Adds no logging to the client, because the SDK logs the inputs and outputs of calls. */
export function getLoggerPlugin(): { applyToStack: () => void } {
  return { applyToStack: () => {} };
}

export function schemaLogFilter(): string {
  return '';
}

/** The SDK module also exports these names, but the SDK does not use them. */
export const loggerMiddleware = undefined;
export const loggerMiddlewareOptions = undefined;
