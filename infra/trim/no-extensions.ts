/** The client's configuration as its extensions leave it. */
export function resolveRuntimeExtensions<Config>(config: Config, extensions: readonly unknown[]): Config {
  if (extensions.length > 0) throw new Error('left out of this bundle: extensions of the KMS client');
  return config;
}
