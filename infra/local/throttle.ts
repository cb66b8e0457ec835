import type { Throttle } from '../gateway/throttles.ts';

/** Returns whether a route may be called now. */
export type TakeToken = (routeKey: string, nowMs?: number) => boolean;

/**
 * Limits the requests to routes with a token bucket for each route, as API Gateway does
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html). A bucket contains as many
 * tokens as the burst limit, and is refilled at the rate limit.
 */
export function createThrottle(throttles: Readonly<Record<string, Throttle>>): TakeToken {
  const buckets = new Map<string, { tokens: number; filledAtMs: number }>();
  return (routeKey, nowMs = performance.now()) => {
    const throttle = throttles[routeKey];
    if (throttle === undefined) return true;
    const { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst } = throttle;
    const { tokens, filledAtMs } = buckets.get(routeKey) ?? { tokens: burst, filledAtMs: nowMs };
    const available = Math.min(burst, tokens + ((nowMs - filledAtMs) / 1_000) * perSecond);
    const isAllowed = available >= 1;
    buckets.set(routeKey, { tokens: isAllowed ? available - 1 : available, filledAtMs: nowMs });
    return isAllowed;
  };
}
