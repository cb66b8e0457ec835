import { defaultAccount } from './credential.ts';

/** Changes to environment variables. `undefined` removes a variable. */
export type EnvironmentChanges = Readonly<Record<string, string | undefined>>;

/**
 * Returns the changes that point AWS SDKs and tools to an emulator. Keeps a Region and an access key that are already
 * set, because they select the keys and the caller. Otherwise, the caller is the root user. Removes profiles, with which
 * SDKs use other credentials, and turns off the switch with which SDKs ignore endpoint variables
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
 */
export function pointToEmulator(endpoint: string, environment: NodeJS.ProcessEnv): EnvironmentChanges {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  const region = AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1';
  const hasAccessKey = Boolean(AWS_ACCESS_KEY_ID);
  return {
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: AWS_DEFAULT_REGION || region,
    AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID || defaultAccount,
    AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY || 'local',
    AWS_SESSION_TOKEN: hasAccessKey ? environment.AWS_SESSION_TOKEN : undefined,
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
  };
}
