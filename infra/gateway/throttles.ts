import { isAwsOperation, type Operation } from '../../shared/declaration/operation.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import type { Parameters } from '../parameters/table.ts';

/**
 * The rate of routes that create keys, each of which costs money every month. ReplicateKey counts as two CreateKey requests
 * in the replica's Region, so this rate stays below the quota of five CreateKey requests per second.
 */
const keyCreationRate = 2;

/** The throttle of a route. API Gateway accepts fractional rates, but does not document rates below 1. */
export interface Throttle {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

/** The highest burst limit that the parameter `throttleBurst` accepts. */
const maxBurst = 5_000;

/** Returns the throttle of an operation's routes, or `undefined` if the stage's default throttle applies. */
export function findThrottle(
  operation: Operation,
  { operationRates, throttleRate }: Pick<Parameters, 'operationRates' | 'throttleRate'>,
): Throttle | undefined {
  const configured = operationRates?.get(operation.name);
  if (configured !== undefined) return createThrottle(configured);
  const rate = getDefaultRate(operation);
  return rate < throttleRate ? createThrottle(rate) : undefined;
}

function getDefaultRate(operation: Operation): number {
  if (!isAwsOperation(operation)) return Number.POSITIVE_INFINITY;
  const quota = requestsPerSecond(operation.requestQuota);
  return operation.serviceTag === 'added' ? Math.min(quota, keyCreationRate) : quota;
}

function createThrottle(rate: number): Throttle {
  return { ThrottlingRateLimit: rate, ThrottlingBurstLimit: Math.min(rate, maxBurst) };
}
