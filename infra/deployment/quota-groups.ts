import { awsOperations, type KmsOperation } from '../../functions/all-operations.ts';
import { findBatch, isAwsOperation, type Operation } from '../../shared/declaration/operation.ts';
import { findRouteQuota } from '../../shared/declaration/request-quotas.ts';
import type { Parameters } from '../parameters/table.ts';
import { getDeletionGuardDays } from './deletion-guard.ts';

/** The parts of a deployment that determine how much of the KMS request quotas it may use. */
export interface UserOfQuotas {
  readonly parameters: Pick<
    Parameters,
    'deletionGuardDays' | 'kmsQuotas' | 'kmsShare' | 'operationRates' | 'throttleBurst' | 'throttleRate'
  >;
  readonly region: string;
  readonly isLocal: boolean;
}

/** The deployed operations that count against the same KMS request quota. */
export interface QuotaGroup {
  readonly name: string;
  /** The account's quota, in requests per second. */
  readonly perSecond: number;
  /** The part of the quota that the routes of the deployment may use together. */
  readonly share: number;
  /** The highest rate of a route without a configured rate. */
  readonly maxRate: number;
  readonly operations: readonly Operation[];
}

/** The rate of routes that create keys, each of which costs money every month. */
const keyCreationRate = 2;

const kmsOperations: ReadonlyMap<string, KmsOperation> = new Map(
  awsOperations.map((operation) => [operation.name, operation]),
);

/** Groups operations by the KMS request quota that their calls count against. */
export function groupByQuota(operations: readonly Operation[], user: UserOfQuotas): QuotaGroup[] {
  const groups = Map.groupBy(operations, (operation) => findScarcest(operation, user).name);
  return [...groups].map(([name, members]) => {
    const perSecond = Math.min(...members.map((operation) => findScarcest(operation, user).perSecond));
    const createsKeys = members.some(({ serviceTag }) => serviceTag === 'added');
    return {
      name,
      perSecond,
      share: Math.floor(perSecond * user.parameters.kmsShare),
      maxRate: createsKeys ? keyCreationRate : Number.POSITIVE_INFINITY,
      operations: members,
    };
  });
}

/**
 * Returns the scarcest quota that the calls of an operation count against. With a deletion guard, a deletion also counts
 * against the quota for the check.
 */
function findScarcest(operation: Operation, user: UserOfQuotas): { readonly name: string; readonly perSecond: number } {
  const names = [findKmsName(operation), ...(hasDeletionGuard(operation, user) ? [guardQuota] : [])];
  const quotas = names.map((name) => {
    const called = kmsOperations.get(name);
    if (called === undefined) throw new Error(`${operation.name} calls ${name}, which is not an operation of AWS KMS.`);
    return { name: findRouteQuota(called, user.region).name, perSecond: findPerSecond(called, user) };
  });
  return quotas.reduce((scarcest, quota) => (quota.perSecond < scarcest.perSecond ? quota : scarcest));
}

/** The operation with the lowest quota of those that the deletion guard calls. */
const guardQuota = 'GetKeyLastUsage';

function hasDeletionGuard(operation: Operation, user: UserOfQuotas): boolean {
  return isAwsOperation(operation) && operation.guardPermissions !== undefined && getDeletionGuardDays(user) > 0;
}

function findKmsName(operation: Operation): string {
  const batch = findBatch(operation);
  if (batch !== undefined) return batch.of.name;
  return isAwsOperation(operation) ? operation.name : operation.permissions[0].action.replace('kms:', '');
}

/** Returns how often an operation may be called per second, within all quotas that its requests count against. */
function findPerSecond(operation: KmsOperation, user: UserOfQuotas): number {
  const quota = findRouteQuota(operation, user.region);
  const own = user.parameters.kmsQuotas?.get(quota.name) ?? quota.perSecond;
  const { remoteRequests: remote } = operation;
  const remoteOperation = kmsOperations.get(remote?.operation ?? '');
  if (remote === undefined || remoteOperation === undefined || remoteOperation === operation) return own;
  return Math.min(own, findPerSecond(remoteOperation, user) / remote.count);
}

export function countRoutes(operations: readonly Operation[]): number {
  return operations.reduce((total, { routes }) => total + routes.length, 0);
}

/** Returns the sum of the rates in `operationRates` of all routes in a group. */
export function sumConfiguredRates({ operations }: QuotaGroup, { operationRates }: UserOfQuotas['parameters']): number {
  return operations.reduce((total, { name, routes }) => total + (operationRates?.get(name) ?? 0) * routes.length, 0);
}

/** Lists the quotas of which `operationRates` uses more than the deployment's share. */
export function listRateProblems(operations: readonly Operation[], user: UserOfQuotas): string[] {
  const { kmsShare, operationRates } = user.parameters;
  return groupByQuota(operations, user).flatMap((group) => {
    const configured = group.operations.filter(({ name }) => operationRates?.has(name));
    // Each other route has a rate of at least 1.
    const others = countRoutes(group.operations) - countRoutes(configured);
    const used = sumConfiguredRates(group, user.parameters);
    if (configured.length === 0 || used <= Math.max(group.share - others, countRoutes(configured))) return [];
    const names = configured.map(({ name }) => name).join(', ');
    const quota = `${group.share} (\`kmsShare\` ${kmsShare} of the quota \`${group.name}\`, ${group.perSecond})`;
    return [
      `\`operationRates\` allows ${used} requests per second for the routes of ${names}, but all routes with the same KMS quota may use ${quota}${others > 0 ? ', and each of the others needs at least 1' : ''}. Lower the rates, or raise \`kmsShare\`. If AWS raised the quota, set \`kmsQuotas\`.`,
    ];
  });
}

/** Lists the names in `kmsQuotas` that are not names of quotas. */
export function listQuotaProblems({ kmsQuotas }: Pick<Parameters, 'kmsQuotas'>): string[] {
  const nameByOperation = new Map(awsOperations.map((each) => [each.name as string, findRouteQuota(each, '').name]));
  const names = new Set(nameByOperation.values());
  return [...(kmsQuotas?.keys() ?? [])]
    .filter((name) => !names.has(name))
    .map((name) => {
      const shared = nameByOperation.get(name);
      return shared === undefined
        ? `\`kmsQuotas\` contains ${name}, which is neither \`symmetric\`, \`asymmetric\` or \`data-key-pair\` nor an operation. Correct the name.`
        : `\`kmsQuotas\` contains ${name}, which shares the quota \`${shared}\`. Use the name \`${shared}\`.`;
    });
}
