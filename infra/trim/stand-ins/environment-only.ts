import { CredentialsProviderError } from '@smithy/core/config';

/** Replaces the reader of `~/.aws`. The SDK reads the environment first and uses its default after this error. */
export function fromSharedConfigFiles(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('there are no shared config files in Lambda'));
}

/** Replaces the request to the instance metadata service. Without a result the SDK reports that the Region is missing. */
export function getInstanceMetadataRegion(): Promise<undefined> {
  return Promise.resolve(undefined);
}

/** Returns the SDK's default mode. shared/kms/client.ts sets the retries and time-outs that a mode would set. */
export function resolveDefaultsModeConfig(): () => Promise<'legacy'> {
  return () => Promise.resolve('legacy');
}

/** Replaces the default chain of credential providers. The clients have a provider that reads the environment. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('credentials come from the environment'));
}
