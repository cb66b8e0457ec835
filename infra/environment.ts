import type { Deployment } from './deployment/deployment.ts';
import type { Parameters } from './parameters/table.ts';

/** What every function finds in its environment. */
export function environmentOf(deployment: Deployment): Record<string, unknown> {
  const { stage, isLocal, version, name } = deployment;
  return {
    KMS_FUNCTIONS_STAGE: stage,
    KMS_FUNCTIONS_VERSION: version,
    // What logs and metrics call the service: several may share an account.
    POWERTOOLS_SERVICE_NAME: name,
    ...(isLocal ? localEnvironment : deployedEnvironment(deployment)),
  };
}

/** On a laptop keys are not fenced: the emulator has no others than one's own. */
const localEnvironment = { ALLOWED_ACCOUNT_IDS: '000000000000', POWERTOOLS_METRICS_DISABLED: 'true' };

function deployedEnvironment({ parameters, serviceTag }: Deployment): Record<string, unknown> {
  const { regions, keyScope, fips, endpoint } = parameters;
  return {
    ALLOWED_ACCOUNT_IDS: { Ref: 'AWS::AccountId' },
    ...(regions === undefined ? {} : { ALLOWED_REGIONS: regions.join(',') }),
    KMS_FUNCTIONS_SERVICE_TAG: serviceTag,
    KMS_FUNCTIONS_KEY_SCOPE: keyScope,
    ...(fips ? { AWS_USE_FIPS_ENDPOINT: 'true' } : {}),
    ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_KMS: endpoint }),
    ...accessEnvironment(parameters),
  };
}

/** Who may: `shared/authorization/access-config.ts` reads it. */
function accessEnvironment(parameters: Parameters): Record<string, string> {
  const values = {
    AUTH: parameters.auth,
    KEYS_CLAIM: parameters.keysClaim,
    DIRECT_KEYS: parameters.directKeys?.join(','),
    TENANT_FIELD: parameters.tenantField,
    TENANT_CONTEXT_KEY: parameters.tenantContextKey,
    TENANT_TAG: parameters.tenantTag,
    TENANT_DIRECT: parameters.tenantDirect,
    TENANT_EMAILS: parameters.tenantEmails,
    CALLER_CONTEXT_KEY: parameters.callerContextKey,
    ALLOWED_PRINCIPALS: parameters.allowedPrincipals?.join(','),
    GRANT_OPERATIONS: parameters.grantOperations?.join(','),
    AUDIT_CONTEXT_VALUES: parameters.auditContextValues?.join(','),
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
