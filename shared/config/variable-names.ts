/**
 * Lists the names of the functions' environment variables. `infra/` sets the variables and `readFunctionConfig` reads
 * them. Commas separate the items of a list. An empty variable is treated as absent.
 */
export const variableNames = {
  stage: 'KMS_FUNCTIONS_STAGE',
  version: 'KMS_FUNCTIONS_VERSION',
  serviceTag: 'KMS_FUNCTIONS_SERVICE_TAG',
  keyScope: 'KMS_FUNCTIONS_KEY_SCOPE',
  partition: 'ALLOWED_PARTITION',
  accountIds: 'ALLOWED_ACCOUNT_IDS',
  regions: 'ALLOWED_REGIONS',
  auth: 'AUTH',
  keysClaim: 'KEYS_CLAIM',
  directKeys: 'DIRECT_KEYS',
  tenantField: 'TENANT_FIELD',
  tenantContextKey: 'TENANT_CONTEXT_KEY',
  tenantTag: 'TENANT_TAG',
  tenantDirect: 'TENANT_DIRECT',
  callerContextKey: 'CALLER_CONTEXT_KEY',
  allowedPrincipals: 'ALLOWED_PRINCIPALS',
  grantOperations: 'GRANT_OPERATIONS',
  auditContextValues: 'AUDIT_CONTEXT_VALUES',
  fips: 'KMS_FUNCTIONS_FIPS',
  dataKeyCache: 'DATA_KEY_CACHE',
  deletionGuardDays: 'DELETION_GUARD_DAYS',

  // Set by Lambda.
  region: 'AWS_REGION',
  // Defined by the AWS SDKs: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  kmsEndpoint: 'AWS_ENDPOINT_URL_KMS',
  endpoint: 'AWS_ENDPOINT_URL',
  // Defined by Powertools for AWS Lambda: https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/
  serviceName: 'POWERTOOLS_SERVICE_NAME',
  metricsDisabled: 'POWERTOOLS_METRICS_DISABLED',

  // Read only by functions/audit/forward.
  auditLogGroup: 'AUDIT_LOG_GROUP',
  functionLogGroup: 'FUNCTION_LOG_GROUP',
  alarmTopic: 'ALARM_TOPIC_ARN',
  destructiveOperations: 'DESTRUCTIVE_OPERATIONS',
  snsEndpoint: 'AWS_ENDPOINT_URL_SNS',
  eventBus: 'EVENT_BUS',
  lifecycleEvents: 'LIFECYCLE_EVENTS',
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the value of an environment variable, or `undefined` if it is absent or empty. */
export function readVariable(environment: Environment, name: keyof typeof variableNames): string | undefined {
  return environment[variableNames[name]] || undefined;
}
