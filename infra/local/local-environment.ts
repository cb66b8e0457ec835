/**
 * Isolates this process from AWS. AWS SDKs find dummy credentials and no configuration, regardless of the variables,
 * profiles and files on the machine. `AWS_ENDPOINT_URL_KMS` is set separately.
 */
export function isolateFromAws(environment: NodeJS.ProcessEnv, region: string): void {
  for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) delete environment[name];
  Object.assign(environment, {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
