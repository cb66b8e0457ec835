/** Stands in a bundle for the SDK's chain of credential providers, which shared/kms/client.ts does not use. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('credentials come from the environment'));
}
