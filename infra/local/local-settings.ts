import { defaultAccount } from '../../emulator/core/credential.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import { type Deployment, defaultRegion } from '../deployment/deployment.ts';
import { roleId } from '../deployment/logical-ids.ts';
import { findPartition } from '../deployment/region-rules.ts';
import type { Authentication } from '../deployment/rehearsal.ts';
import { divideQuotas, type Throttle } from '../gateway/throttles.ts';
import { buildCallersRoles } from '../roles/callers-roles.ts';
import { buildFunctionRole } from '../roles/function-role.ts';
import { resolveReferences } from './resolve-references.ts';

/**
 * What the parameters of stage `local` configure outside its functions. osls passes the settings to the plugin, so they
 * contain only JSON.
 */
export interface LocalSettings {
  /** The parameters that have no effect in this stage. */
  readonly notApplied: readonly string[];
  /** The Region of the API and the functions. */
  readonly region: string;
  /** The Regions, besides the functions' own Region, whose keys the functions may use. */
  readonly regions: readonly string[];
  readonly auth: Authentication;
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly scopePrefix: string;
  /** What limits callers to keys. The command that `npm start` proposes depends on it. */
  readonly limits: CallerLimits;
  /** The origins, besides this machine, whose web pages may call the API. */
  readonly corsOrigins: readonly string[];
  /** The rate limits by route, such as `POST /keys`. */
  readonly throttles: Readonly<Record<string, Throttle>>;
  /** The roles of the functions, by the function's key in serverless.yml. */
  readonly roles: Readonly<Record<string, LocalRole>>;
  /** The roles for callers in other accounts, by their access key ids in the emulator. */
  readonly callersRoles: Readonly<Record<string, LocalRole>>;
}

export interface CallerLimits {
  readonly tenantField?: string;
  readonly keysClaim?: string;
  readonly region: string;
  /** `true` if the functions may use the sample keys, which have no service tag and are in the default Region. */
  readonly hasSampleKeys: boolean;
}

export interface LocalRole {
  readonly arn: string;
  readonly policies: readonly object[];
}

export function buildLocalSettings(deployment: Deployment, operations: readonly Operation[]): LocalSettings {
  const { region, auth, usesRoles, limitsRates, parameters } = deployment;
  return {
    notApplied: deployment.notApplied,
    region,
    regions: parameters.regions ?? [],
    auth,
    scopePrefix: parameters.scopePrefix,
    ...(auth === 'jwt' ? { issuer: parameters.jwtIssuer ?? '', audience: parameters.jwtAudience ?? [] } : {}),
    limits: buildLimits(deployment),
    corsOrigins: parameters.corsOrigins ?? [],
    throttles: limitsRates ? buildThrottles(deployment, operations) : {},
    roles: usesRoles
      ? Object.fromEntries(operations.map((operation) => [functionName(operation), buildRole(operation, deployment)]))
      : {},
    callersRoles: buildLocalCallersRoles(deployment),
  };
}

function buildLimits({ region, parameters: { tenantField, keysClaim, keyScope } }: Deployment): CallerLimits {
  return {
    ...(tenantField === undefined ? {} : { tenantField }),
    ...(keysClaim === undefined ? {} : { keysClaim }),
    region,
    hasSampleKeys: keyScope === 'account' && region === defaultRegion,
  };
}

function buildThrottles(deployment: Deployment, operations: readonly Operation[]): LocalSettings['throttles'] {
  const throttles = divideQuotas(operations, deployment);
  return Object.fromEntries(
    operations.flatMap(({ name, routes }) => {
      const throttle = throttles.get(name);
      return throttle === undefined ? [] : routes.map(({ method, path }) => [`${method} ${path}`, throttle] as const);
    }),
  );
}

/** Builds the roles of the parameter `callerAccounts`. The access key id of a role is its name without the Region. */
function buildLocalCallersRoles(deployment: Deployment): LocalSettings['callersRoles'] {
  const { region, name, parameters } = deployment;
  const resources = resolveReferences(Object.values(buildCallersRoles(deployment)), region) as readonly {
    Properties: { PolicyDocument?: object };
  }[];
  const policies = resources.flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument ?? []);
  return Object.fromEntries(
    (parameters.callerAccounts ?? []).map((account) => {
      const accessKey = `${name}-from-${account}`;
      const arn = `arn:${findPartition(region)}:iam::${defaultAccount}:role/${accessKey}-${region}`;
      return [accessKey, { arn, policies }] as const;
    }),
  );
}

/** Builds the role that the function has in a deployment. Its name does not contain the part that CloudFormation generates. */
function buildRole(operation: Operation, deployment: Deployment): LocalRole {
  const { region, name } = deployment;
  const { Properties } = buildFunctionRole(operation, deployment) as {
    Properties: { Policies: readonly { PolicyDocument: object }[] };
  };
  const policies = resolveReferences(Properties.Policies, region) as typeof Properties.Policies;
  return {
    arn: `arn:${findPartition(region)}:iam::${defaultAccount}:role/${name}-${roleId(operation)}`,
    policies: policies.map(({ PolicyDocument }) => PolicyDocument),
  };
}
