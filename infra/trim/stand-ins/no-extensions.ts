/** Returns the client configuration unchanged, because the KMS client has no extensions. */
export function resolveRuntimeExtensions<Config>(config: Config, extensions: readonly unknown[]): Config {
  if (extensions.length > 0) throw new Error('extensions of the KMS client are not in this bundle');
  return config;
}
