import { variableNames } from '../shared/config/variable-names.ts';
import { compact } from '../shared/declaration/json-object.ts';
import { getDeletionGuardDays } from './deployment/deletion-guard.ts';
import type { Deployment } from './deployment/deployment.ts';

/** Builds the environment variables that all functions share. `shared/config/function-config.ts` reads these variables. */
export function buildEnvironment(deployment: Deployment): Record<string, unknown> {
  const { stage, isLocal, version, name } = deployment;
  const guardDays = getDeletionGuardDays(deployment);
  return {
    [variableNames.stage]: stage,
    [variableNames.version]: version,
    // Logs and metrics contain the service name, because several deployments may share an account.
    [variableNames.serviceName]: name,
    ...(isLocal ? buildLocalEnvironment(deployment) : buildDeployedEnvironment(deployment)),
    ...buildCallEnvironment(deployment),
    ...(guardDays === 0 ? {} : { [variableNames.deletionGuardDays]: String(guardDays) }),
  };
}

/** Without roles, nothing requires the service tag, because the emulator contains only the developer's keys. */
function buildLocalEnvironment({ usesRoles, serviceTag, parameters }: Deployment): Record<string, unknown> {
  return {
    [variableNames.accountIds]: '000000000000',
    [variableNames.metricsDisabled]: 'true',
    ...(usesRoles ? { [variableNames.serviceTag]: serviceTag, [variableNames.keyScope]: parameters.keyScope } : {}),
  };
}

function buildDeployedEnvironment({ parameters, serviceTag }: Deployment): Record<string, unknown> {
  return compact({
    [variableNames.partition]: { Ref: 'AWS::Partition' },
    [variableNames.accountIds]: { Ref: 'AWS::AccountId' },
    [variableNames.serviceTag]: serviceTag,
    [variableNames.keyScope]: parameters.keyScope,
    [variableNames.fips]: parameters.fips ? 'true' : undefined,
    [variableNames.kmsEndpoint]: parameters.endpoint,
  });
}

/** The settings for calls, which apply in every stage. */
function buildCallEnvironment({ parameters, auth }: Deployment): Record<string, unknown> {
  return compact({
    [variableNames.regions]: parameters.regions?.join(','),
    [variableNames.auth]: auth === 'open' ? undefined : auth,
    [variableNames.keysClaim]: parameters.keysClaim,
    [variableNames.directKeys]: parameters.directKeys?.join(','),
    [variableNames.tenantField]: parameters.tenantField,
    [variableNames.tenantContextKey]: parameters.tenantContextKey,
    [variableNames.tenantTag]: parameters.tenantTag,
    [variableNames.tenantDirect]: parameters.tenantDirect,
    [variableNames.callerContextKey]: parameters.callerContextKey,
    [variableNames.allowedPrincipals]: parameters.allowedPrincipals?.join(','),
    [variableNames.grantOperations]: parameters.grantOperations?.join(','),
    [variableNames.dataKeyCache]: formatLimits(parameters.dataKeyCache),
    [variableNames.auditContextValues]: parameters.auditContextValues?.join(','),
  });
}

function formatLimits(limits: Deployment['parameters']['dataKeyCache']): string | undefined {
  return limits && [limits.seconds, limits.messages, limits.bytes].join(',');
}
