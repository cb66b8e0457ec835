/** Replaces the statistics of used SDK features in the user agent. */
export function checkFeatures(): Promise<void> {
  return Promise.resolve();
}
