import { findBatch, type Operation } from '../../shared/declaration/operation.ts';
import {
  countRoutes,
  groupByQuota,
  type QuotaGroup,
  sumConfiguredRates,
  type UserOfQuotas,
} from '../deployment/quota-groups.ts';

/** The throttle of a route. API Gateway accepts fractional rates, but does not document rates below 1. */
export interface Throttle {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

/**
 * The number of KMS requests for which a batch counts. Larger batches can exceed the deployment's share. If KMS then
 * throttles requests, each batch sends fewer of them at the same time.
 */
const requestsPerBatch = 100;

/** The highest burst limit that the parameter `throttleBurst` accepts. */
const maxBurst = 5_000;

/** Returns the throttle of each operation's routes, by operation. */
export function divideQuotas(operations: readonly Operation[], user: UserOfQuotas): ReadonlyMap<string, Throttle> {
  return new Map(groupByQuota(operations, user).flatMap((group) => divideQuota(group, user)));
}

/**
 * Divides a deployment's share of a quota among the routes, because an HTTP API has no throttle for several routes. Routes
 * in `operationRates` have the configured rate. The others divide the rest equally, up to `throttleRate`.
 */
function divideQuota(group: QuotaGroup, { parameters }: UserOfQuotas): [operation: string, throttle: Throttle][] {
  const { operationRates, throttleRate, throttleBurst } = parameters;
  const others = group.operations.filter(({ name }) => !operationRates?.has(name));
  const equalRate = (group.share - sumConfiguredRates(group, parameters)) / countRoutes(others);
  return group.operations.map((operation) => {
    const { name } = operation;
    const requests = findBatch(operation) === undefined ? 1 : requestsPerBatch;
    const rest = Math.max(1, Math.floor(Math.min(equalRate, group.maxRate) / requests));
    const configured = operationRates?.get(name);
    return [
      name,
      configured === undefined
        ? { ThrottlingRateLimit: Math.min(throttleRate, rest), ThrottlingBurstLimit: Math.min(throttleBurst, rest) }
        : { ThrottlingRateLimit: configured, ThrottlingBurstLimit: Math.min(configured, maxBurst) },
    ];
  });
}
