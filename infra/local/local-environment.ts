/**
 * Cuts this process off from AWS: whatever AWS variables, profiles or files the machine has, an SDK in it finds dummy
 * credentials and no configuration. Where requests go is said apart, by `AWS_ENDPOINT_URL_KMS`.
 */
export function cutOffFromAws(environment: NodeJS.ProcessEnv, region: string): void {
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
