import { defaultAccount } from '../../emulator/core/credential.ts';

/**
 * Isolates this process from AWS. Replaces all `AWS_` variables, so that AWS SDKs use dummy credentials and ignore the
 * machine's profiles and configuration files. The caller must set `AWS_ENDPOINT_URL_KMS` afterwards.
 */
export function isolateFromAws(environment: NodeJS.ProcessEnv, region: string): void {
  for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) delete environment[name];
  Object.assign(environment, {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // The emulator accepts this access key id as the root user, even if its seed contains principals.
    AWS_ACCESS_KEY_ID: defaultAccount,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
