/** A seed that cannot be used, and why. */
export class SeedError extends Error {
  override name = 'SeedError';
}
