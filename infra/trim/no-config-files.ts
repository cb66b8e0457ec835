import { CredentialsProviderError } from '@smithy/core/config';

/** Asked after the environment: the SDK then goes on to its default. */
export function fromSharedConfigFiles(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('there are no shared config files in Lambda'));
}

/** As where there is no instance: the SDK then says that the Region is missing. */
export function getInstanceMetadataRegion(): Promise<undefined> {
  return Promise.resolve(undefined);
}

/** The SDK's own default. What a mode would set (retries, time-outs), shared/kms/client.ts sets. */
export function resolveDefaultsModeConfig(): () => Promise<'legacy'> {
  return () => Promise.resolve('legacy');
}

/** Taken with each client, asked by none: it has credentials of its own. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new CredentialsProviderError('credentials come from the environment'));
}
