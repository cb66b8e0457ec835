import { CredentialsProviderError } from '@smithy/core/config';

/** Replaces the reader of `~/.aws`. The SDK reads the environment first and falls back to its default after this error. */
export function fromSharedConfigFiles(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('Lambda has no shared config files'));
}

/** Replaces the request to the instance metadata service. Without a Region, the SDK throws its usual error. */
export function getInstanceMetadataRegion(): Promise<undefined> {
  return Promise.resolve(undefined);
}

/** Returns the SDK's default mode. shared/kms/client.ts sets the retries and timeouts that a mode controls. */
export function resolveDefaultsModeConfig(): () => Promise<'legacy'> {
  return () => Promise.resolve('legacy');
}

/** Replaces the default credential provider chain. The clients use a provider that reads the environment. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('credentials come from the environment'));
}
