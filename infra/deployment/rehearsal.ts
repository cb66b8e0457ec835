import { type ParameterName, type Parameters, parameterTable } from '../parameters/table.ts';

/** How callers are authenticated. `open` accepts every caller, and exists only in stage `local`. */
export type Authentication = 'iam' | 'jwt' | 'open';

/** The names of the parameters that are set on the command line or in serverless.yml. */
export type GivenParameters = ReadonlySet<string>;

/**
 * The parts of a deployment that stage `local` has only if a parameter requires them. Without parameters, stage `local` needs
 * no credentials, and limits nothing.
 */
export interface Rehearsal {
  readonly auth: Authentication;
  /** `true` if the functions call KMS with their roles. */
  readonly usesRoles: boolean;
  /** `true` if routes have rate limits. */
  readonly limitsRates: boolean;
  /** The parameters that are set, but have no effect in this stage. */
  readonly notApplied: readonly ParameterName[];
}

/** Parameters that depend on the caller. `keysClaim` and the claims of `tenantField` require `auth=jwt`. */
const callerParameters = [
  'auth',
  'tenantField',
  'callerContextKey',
  'callerAccounts',
] as const satisfies readonly ParameterName[];

/** Parameters that a function's role enforces, alone or together with the function. */
const roleParameters = [
  'keyScope',
  'serviceTag',
  'regions',
  'minPendingWindowDays',
  'allowedPrincipals',
  'grantOperations',
  'keysClaim',
  'directKeys',
  'tenantField',
] as const satisfies readonly ParameterName[];

const rateParameters = [
  'kmsShare',
  'kmsQuotas',
  'throttleRate',
  'throttleBurst',
  'operationRates',
] as const satisfies readonly ParameterName[];

/** Returns what a stage has. Deployed stages have everything. */
export function resolveRehearsal(isLocal: boolean, given: GivenParameters, { auth }: Parameters): Rehearsal {
  const isGiven = (names: readonly string[]) => names.some((name) => given.has(name));
  return {
    auth: !isLocal || isGiven(callerParameters) ? auth : 'open',
    usesRoles: !isLocal || isGiven(roleParameters),
    limitsRates: !isLocal || isGiven(rateParameters),
    notApplied: isLocal ? listNotApplied(given) : [],
  };
}

function listNotApplied(given: GivenParameters): ParameterName[] {
  const names = Object.keys(parameterTable) as ParameterName[];
  return names.filter((name) => given.has(name) && !parameterTable[name].local.applied);
}

/**
 * Returns the key scope of stage `local`, whose sample keys have no service tag. They stay usable unless a parameter
 * concerns the service tag.
 */
export function resolveLocalKeyScope(given: GivenParameters, { keyScope }: Parameters): Parameters['keyScope'] {
  return given.has('keyScope') || given.has('serviceTag') ? keyScope : 'account';
}
