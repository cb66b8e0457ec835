/** Omits the list of used SDK features from the user agent. */
export function checkFeatures(): Promise<void> {
  return Promise.resolve();
}
